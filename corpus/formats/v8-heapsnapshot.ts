/** Writes small heap snapshots as V8's HeapSnapshotJSONSerializer does: one row of numbers a line. */
import type { DumpSample } from '../dump-sample.ts';
import { ascii } from '../encode/text.ts';

export interface Placed {
  readonly sample: DumpSample;
  /** Where the text of the string node is, and what `describe` must say. */
  readonly at: number;
  readonly names: readonly string[];
}

const META =
  '{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","detachedness"],"node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic","concatenated string","sliced string","symbol","bigint","object shape"],"string","number","number","number","number"],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"string_or_number","node"],"trace_function_info_fields":["function_id"],"trace_node_fields":["id"],"sample_fields":["timestamp_us"],"location_fields":["object_index"]}';

export function writeSnapshot(text: string, propertyName: string, shown: string): Placed {
  const strings = ['<dummy>', '(GC roots)', 'Vault', propertyName, 'a \\"quoted\\" one\\\\', text];
  const nodes = ['9,1,1,0,1,0', '3,2,3,32,2,0', '2,5,5,40,0,0', '2,4,7,24,0,0'];
  const edges = ['1,1,6', '2,4,18', '2,3,12'];
  const head = `${META},"node_count":4,"edge_count":3,"trace_function_count":0},\n`;
  const parts = [
    head,
    `"nodes":[${nodes.join('\n,')}\n],\n`,
    `"edges":[${edges.join('\n,')}\n],\n`,
    '"trace_function_infos":[],\n"trace_tree":[],\n"samples":[],\n"locations":[6,1,2,3\n],\n',
    `"strings":[${strings.map((each) => `"${each}"`).join(',\n')}]}\n`,
  ];
  const start = parts.map((_, i) => parts.slice(0, i).join('').length);
  const whole = parts.join('');
  const at = whole.lastIndexOf(text);
  return {
    sample: {
      name: `string in ${shown}`,
      format: 'v8-heapsnapshot',
      bytes: ascii(whole),
      expected: [
        { start: start[1]!, end: start[2]! - 2, kind: 'stream', label: 'nodes' },
        { start: start[2]!, end: start[3]! - 2, kind: 'stream', label: 'edges' },
        { start: start[4]!, end: whole.length, kind: 'heap', label: 'strings' },
      ],
      counts: [],
      headerBytes: start[1]! + 10,
    },
    at,
    names: ['Vault @3', `property ${shown}`, 'string @5'],
  };
}

export function writeAll(): readonly Placed[] {
  return [
    writeSnapshot('not a real one', 'password', 'password'),
    // A key of a map that looks like data is not shown.
    writeSnapshot('nor this', '0123456789abcdef0123456789', '?'),
  ];
}

export function samples(): readonly DumpSample[] {
  return writeAll().map(({ sample }) => sample);
}
