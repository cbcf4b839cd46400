/** What is overwritten where: a tree of artifacts (an input, members of containers in it), each with its spans. */
import type { Form, Place } from '../model/finding.ts';
import type { Encoding, Span, Step } from '../model/place.ts';

/** Bytes of one artifact. */
export interface Edit extends Span {
  /** Undefined for a whole region. */
  readonly form?: Form;
  readonly encoding: Encoding;
}

/** The edits of an artifact, and the members in which there are more. */
export interface EditNode {
  /** In order of `start`; they may overlap. */
  readonly edits: readonly Edit[];
  /** Id of the container that it is, when there are members. */
  readonly container?: string;
  /** By sanitised name: members of one name share their edits. */
  readonly members: ReadonlyMap<string, EditNode>;
}

interface OpenNode {
  readonly edits: Map<string, Edit>;
  container?: string;
  readonly members: Map<string, OpenNode>;
}

const createNode = (): OpenNode => ({ edits: new Map(), members: new Map() });

/** Collects edits; each only once. */
export class Edits {
  readonly #root = createNode();
  #size = 0;

  /** Number of different edits. */
  get size(): number {
    return this.#size;
  }

  /** Returns whether it is new. */
  add(trail: readonly Step[], edit: Edit): boolean {
    let node = this.#root;
    for (const { container, member } of trail) {
      node.container ??= container;
      let next = node.members.get(member);
      if (!next) {
        next = createNode();
        node.members.set(member, next);
      }
      node = next;
    }
    const id = `${edit.start} ${edit.end} ${edit.form ?? ''}`;
    if (edit.end <= edit.start || node.edits.has(id)) return false;
    node.edits.set(id, edit);
    this.#size++;
    return true;
  }

  /** All pieces of a place. Returns whether something is new. */
  addPlace({ trail = [], pieces, start, end, form, encoding }: Place): boolean {
    let isNew = false;
    for (const piece of pieces ?? [{ start, end }]) {
      // What is cut within a character is known byte by byte only.
      const cut = pieces === undefined ? encoding : 'bytes';
      if (this.add(trail, { start: piece.start, end: piece.end, form, encoding: cut })) isNew = true;
    }
    return isNew;
  }

  /** These and others. */
  with(others: Edits): Edits {
    const both = new Edits();
    copy(this.#root, [], both);
    copy(others.#root, [], both);
    return both;
  }

  get tree(): EditNode {
    return close(this.#root);
  }
}

function copy({ edits, container, members }: OpenNode, trail: readonly Step[], to: Edits): void {
  for (const edit of edits.values()) to.add(trail, edit);
  for (const [member, node] of members) copy(node, [...trail, { container: container!, member }], to);
}

function close({ edits, container, members }: OpenNode): EditNode {
  return {
    edits: [...edits.values()].sort((a, b) => a.start - b.start || b.end - a.end),
    ...(container !== undefined && { container }),
    members: new Map([...members].map(([name, node]) => [name, close(node)])),
  };
}
