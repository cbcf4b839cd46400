/** A headless Chromium, spoken to over its pipe (`--remote-debugging-pipe`: JSON messages that end with NUL on descriptors 3 and 4). */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { succeeds } from '../../corpus/real/program.ts';

export const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => succeeds([name, '--version']));

type Json = Readonly<Record<string, unknown>>;
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: Json;
  readonly error?: { readonly message: string };
}

/** Standard paper, in inches. */
const A4 = { paperWidth: 8.27, paperHeight: 11.69, printBackground: true };

export class Browser {
  /** URLs that the page asked for. */
  readonly requests: string[] = [];
  /** Errors and warnings: of scripts, of the console, of the content security policy. */
  readonly complaints: string[] = [];
  readonly #profile = mkdtempSync(join(tmpdir(), 'dumpsieve-chromium-'));
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #events = new Map<string, () => void>();
  #session: string | undefined;
  #lastId = 0;

  private constructor() {
    const argv = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', '--hide-scrollbars'];
    this.#process = spawn(CHROMIUM!, [...argv, `--user-data-dir=${this.#profile}`], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\0');
      rest = parts.pop()!;
      for (const part of parts) this.#receive(JSON.parse(part) as Message);
    });
  }

  static async start(): Promise<Browser> {
    const browser = new Browser();
    const { targetId } = await browser.#send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.#send('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = sessionId as string;
    for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await browser.#send(`${domain}.enable`);
    return browser;
  }

  #receive({ id, method, params, result, error }: Message): void {
    if (id !== undefined) this.#waiting.get(id)?.({ ...(result && { result }), ...(error && { error }) });
    if (method === 'Network.requestWillBeSent') {
      this.requests.push((params as unknown as { request: { url: string } }).request.url);
    }
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded' || method === 'Runtime.consoleAPICalled') {
      this.complaints.push(JSON.stringify(params));
    }
    if (method) this.#events.get(method)?.();
  }

  #send(method: string, params: Json = {}): Promise<Json> {
    const id = ++this.#lastId;
    const message = { id, method, params, ...(this.#session && { sessionId: this.#session }) };
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
    });
  }

  async open(url: string, width = 1280): Promise<void> {
    const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: false };
    await this.#send('Emulation.setDeviceMetricsOverride', metrics);
    const loaded = new Promise<void>((resolve) => this.#events.set('Page.loadEventFired', resolve));
    await this.#send('Page.navigate', { url });
    await loaded;
  }

  /** `dark` or `light`, as the user's system says it. */
  async preferColors(value: 'dark' | 'light'): Promise<void> {
    await this.#send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
  }

  /** Value of a JavaScript expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = await this.#send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (answer['exceptionDetails']) throw new Error(JSON.stringify(answer['exceptionDetails']));
    return (answer['result'] as { value: T }).value;
  }

  /** PNG of the whole page, or of what the window shows. */
  async screenshot(isWhole = true): Promise<Buffer> {
    const { data } = await this.#send('Page.captureScreenshot', { captureBeyondViewport: isWhole });
    return Buffer.from(data as string, 'base64');
  }

  async pdf(): Promise<Buffer> {
    const { data } = await this.#send('Page.printToPDF', A4);
    return Buffer.from(data as string, 'base64');
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
