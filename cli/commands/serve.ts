/** `dumpsieve serve`: the HTTP gate, until SIGTERM. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../../src/model/errors.ts';
import { createSpoolScanner } from '../../src/scanner.ts';
import { createGateServer } from '../../src/serve/gate-server.ts';
import type { ServeConfig } from '../config-pipelines.ts';
import { EXIT } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';

export async function runServe(config: ServeConfig, tool: { name: string; version: string }): Promise<number> {
  const scanner = await createSpoolScanner({ ...config.scan, spoolBytes: config.spoolBytes });
  const write = (record: object): void => void (config.quiet || process.stdout.write(`${JSON.stringify(record)}\n`));
  const gate = createGateServer(scanner, { ...config.server, tool, onUpload: write });
  const interrupt = listenForInterrupt(() => undefined);
  try {
    // Threads load their detectors with the first task: that is now, not with the first upload.
    await scanner.scan({ bytes: new Uint8Array(1), label: 'warm-up' });
    gate.server.listen(config.port, config.host);
    try {
      await once(gate.server, 'listening');
    } catch {
      throw new UsageError(`--listen: can't listen on ${config.host}:${config.port}; is something else there?`);
    }
    const { address, port, family } = gate.server.address() as AddressInfo;
    process.stderr.write(
      `dumpsieve serve: listening on http://${family === 'IPv6' ? `[${address}]` : address}:${port}\n`,
    );
    if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
    await gate.close(config.graceMs);
    return EXIT.clean;
  } finally {
    interrupt.release();
    await scanner.close();
  }
}
