/** Writes mail and multipart texts by RFC 2045 and RFC 2046. */
import type { ContainerSample } from '../dump-sample.ts';

export function samples(): readonly ContainerSample[] {
  const words = Uint8Array.from({ length: 3001 }, (_, i) => (i * i * 3 + i) & 255);
  const body = (eol: string): string => Buffer.from(words).toString('base64').replace(/.{76}/g, `$&${eol}`);
  const sample = (name: string, text: string, members: readonly string[]): ContainerSample => ({
    name,
    container: 'mime',
    bytes: Uint8Array.from(Buffer.from(text, 'latin1')),
    members: members.map((member) => ({ name: member, content: words })),
    counts: [],
    headerBytes: 60,
  });
  const part = (headers: string): string => `--limit\r\n${headers}\r\n\r\n${body('\r\n')}\r\n`;
  return [
    sample('a mail', `From: a@example.com\nContent-Transfer-Encoding: base64\n\n${body('\n')}\n`, ['']),
    sample(
      'attachments',
      `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="limit"\r\n\r\n--limit\r\nContent-Type: text/plain\r\n\r\nText.\r\n\r\n${part('Content-Disposition: attachment; filename="core.gz"\r\nContent-Transfer-Encoding: base64')}${part('content-transfer-encoding: BASE64\r\ncontent-type: application/zip;\r\n name=b.zip')}--limit--\r\n`,
      ['core.gz', 'b.zip'],
    ),
  ];
}
