/** Ends of lines as Python, JavaScript, mail programs or terminals know them. */
const ends = ['\r', '\r\n', '\n', '\v', '\f', '\u0085', '\u2028', '\u2029'];

/** Names that files, functions and people may have, each with something that a format or a terminal obeys. */
export const hostileNames: readonly string[] = [
  ...ends.flatMap((end) => [
    `a${end}Bcc: <victim@example.org>${end}${end}b.c`,
    `a${end}::error::x`,
    `a${end}drivers/x.c:1:1: error: all is well [pin-leak]`,
    `a${end}From mboxrd@z Thu Jan  1 00:00:00 1970${end}Subject: x${end}${end}b`,
  ]),
  '\u001b[2J\u001b[1;1Hclean',
  '\u001b]0;title\u0007 \u001b]8;;http://example.org\u001b\\link\u001b]8;;\u001b\\',
  '\u009b31mred\u009b0m',
  '\u202ereversed\u202c \u2066x\u2069',
  'a\b\b\b\u007fb',
  '\u0000a',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'onmouseover='alert(1)",
  '</title></style></script><!-- --><![CDATA[ ]]>',
  '&lt;b&gt; &#x3c;b&#x3e;',
  '=?UTF-8?B?QmNjOiB4QGV4YW1wbGUub3Jn?=',
  '=?utf-8?q?=0D=0ABcc:_x@example.org?=',
  'x <a@example.org>, y <b@example.org>',
  '"x" <a@example.org>',
  'a> <b@example.org',
  '(comment) group: a@example.org;',
  'back\\slash "quote',
  '%0A%0D::set-output name=x::y',
  ', title=x::y',
  'J\u00fcrgen \u4e16\u754c \u{1f600} \ud800',
  'x'.repeat(3000),
  '\u00e9'.repeat(3000),
];
