import {
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
} from 'vscode-languageserver/node';

/** The section of an editor's settings that is ours. */
const section = 'dmabuf-lint';

/** What an editor says of the kernel that modules are built for. */
export interface KernelSetting {
  /** Takes the initialization options `{ "kernel": folder }`. */
  initialise(params: Pick<InitializeParams, 'initializationOptions'>): void;
  /** Asks the client for its settings, where it can be asked. */
  ask(client: ClientCapabilities): void;
  /** Is done when nothing is left to be learned of the client. */
  settled(): Promise<void>;
}

/**
 * Follows the setting `kernel`: of the command line, the initialization options, or the settings of the editor, the last
 * that says anything.
 * @param use takes the folder; called again when the user changes it
 */
export function followKernel(
  connection: Connection,
  given: string | undefined,
  use: (folder: string) => void,
): KernelSetting {
  let asked: Promise<void> = Promise.resolve();
  const take = (settings: unknown): void => {
    const folder = memberOf(settings, 'kernel');
    if (typeof folder === 'string' && folder !== '') use(folder);
  };
  const pull = async (): Promise<void> => {
    try {
      take(await connection.workspace.getConfiguration(section));
    } catch {
      // The client says that it can be asked, and cannot.
    }
  };
  if (given !== undefined) use(given);
  let canPull = false;
  connection.onDidChangeConfiguration(({ settings }) => {
    if (canPull) asked = pull();
    else take(memberOf(settings, section) ?? settings);
  });
  return {
    initialise: ({ initializationOptions }) => take(initializationOptions),
    ask({ workspace }) {
      if (workspace?.didChangeConfiguration?.dynamicRegistration)
        connection.client.register(DidChangeConfigurationNotification.type, { section }).catch(() => undefined);
      canPull = workspace?.configuration ?? false;
      if (canPull) asked = pull();
    },
    settled: () => asked,
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
