/** Counters in the text format of Prometheus. Names and labels come from closed lists, never from a request. */

type Labels = Readonly<Record<string, string>>;

interface Metric {
  readonly type: 'counter' | 'gauge';
  readonly help: string;
}

const METRICS = {
  dumpsieve_uploads_total: { type: 'counter', help: 'Uploads by what became of them.' },
  dumpsieve_uploads_in_flight: { type: 'gauge', help: 'Uploads that are received, scanned or forwarded now.' },
  dumpsieve_responses_total: { type: 'counter', help: 'Answers by status code.' },
  dumpsieve_received_bytes_total: { type: 'counter', help: 'Bytes of bodies, as they came.' },
  dumpsieve_scanned_bytes_total: { type: 'counter', help: 'Bytes searched, inflated members included.' },
  dumpsieve_forwarded_bytes_total: { type: 'counter', help: 'Bytes of bodies that were forwarded.' },
  dumpsieve_findings_total: { type: 'counter', help: 'Findings by severity and verdict.' },
  dumpsieve_gaps_total: { type: 'counter', help: 'Gaps by code: what was not scanned, and why.' },
} as const satisfies Record<string, Metric>;

/** Upper bounds in seconds. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

const HISTOGRAMS = {
  dumpsieve_receive_seconds: 'Time to receive and unpack an upload.',
  dumpsieve_scan_seconds: 'Time to scan an upload, waiting for threads included.',
  dumpsieve_forward_seconds: 'Time to forward an upload and pass the answer back.',
} as const;

const write = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

export class Metrics {
  readonly #values = new Map<string, Map<string, number>>();
  readonly #histograms = new Map<string, { readonly counts: number[]; sum: number; count: number }>();
  readonly #version: string;

  constructor(version: string) {
    this.#version = version;
  }

  add(name: keyof typeof METRICS, labels: Labels = {}, by = 1): void {
    let series = this.#values.get(name);
    if (!series) this.#values.set(name, (series = new Map()));
    const key = write(labels);
    series.set(key, (series.get(key) ?? 0) + by);
  }

  observe(name: keyof typeof HISTOGRAMS, seconds: number): void {
    let histogram = this.#histograms.get(name);
    if (!histogram) this.#histograms.set(name, (histogram = { counts: BUCKETS.map(() => 0), sum: 0, count: 0 }));
    for (const [i, bound] of BUCKETS.entries()) if (seconds <= bound) histogram.counts[i]!++;
    histogram.sum += seconds;
    histogram.count++;
  }

  render(): string {
    const lines = [
      '# HELP dumpsieve_info Version of dumpsieve.',
      '# TYPE dumpsieve_info gauge',
      `dumpsieve_info{version="${this.#version}"} 1`,
    ];
    for (const [name, { type, help }] of Object.entries<Metric>(METRICS)) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [labels, value] of this.#values.get(name) ?? [['', 0]]) lines.push(`${name}${labels} ${value}`);
    }
    for (const [name, help] of Object.entries(HISTOGRAMS)) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} histogram`);
      const { counts, sum, count } = this.#histograms.get(name) ?? { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
      for (const [i, bound] of BUCKETS.entries()) lines.push(`${name}_bucket{le="${bound}"} ${counts[i]}`);
      lines.push(`${name}_bucket{le="+Inf"} ${count}`, `${name}_sum ${sum}`, `${name}_count ${count}`);
    }
    return `${lines.join('\n')}\n`;
  }
}
