/** Opens a container: each member is an artifact of its own, searched before the next one is asked for. */
import type { Container, Member, MemberGap } from '../model/container.ts';
import type { Input } from '../model/input.ts';
import { sanitizeLabel } from '../model/label.ts';
import type { Span } from '../model/place.ts';
import { MemberStream, sliceInput } from './member-input.ts';
import { gapOf } from './open.ts';
import type { Stop } from './quota.ts';
import type { TaskRun } from './run-task.ts';
import type { Artifact, ScanEnv } from './scan-artifact.ts';

/** Searches one member: `scanArtifact`, which opens containers in turn. */
export type ScanMember = (run: TaskRun, artifact: Artifact, env: ScanEnv) => Promise<void>;

/** Returns the spans of `input` that were searched as members. What the container can't give is a gap. */
export async function scanMembers(
  run: TaskRun,
  container: Container,
  input: Input,
  depth: number,
  env: ScanEnv,
  search: ScanMember,
): Promise<Span[]> {
  const searched: Span[] = [];
  try {
    for await (const item of container.open(input)) {
      const stop = await env.quota.check();
      if (stop) {
        report(run, stop);
        break;
      }
      if ('code' in item) {
        reportGap(run, container, item);
        continue;
      }
      const full = env.quota.takeMember();
      if (full) {
        report(run, full);
        break;
      }
      const span = await scanMember(run, container, input, item, depth, env, search);
      if (span) searched.push(span);
    }
  } catch (error) {
    report(run, gapOf(error, container.id));
  }
  return searched;
}

function report(run: TaskRun, { code, ...more }: Stop): void {
  run.gap(code, more);
}

/** A gap about a member says which one; one about bytes says where they are in the container. */
function reportGap(run: TaskRun, container: Container, { code, name, span, detail }: MemberGap): void {
  const about = name === undefined ? run : run.member({ container: container.id, member: sanitizeLabel(name) });
  about.gap(code, { ...(detail !== undefined && { detail }), ...(span && name === undefined && { span }) });
}

/** Where the member's bytes lie in a container that can be read anywhere, if it says so and it is true. */
function storedSpan({ stored }: Member, { size, sequential }: Input): Span | undefined {
  return stored && !sequential && stored.start >= 0 && stored.start <= stored.end && stored.end <= size
    ? stored
    : undefined;
}

async function scanMember(
  run: TaskRun,
  container: Container,
  input: Input,
  item: Member,
  depth: number,
  env: ScanEnv,
  search: ScanMember,
): Promise<Span | undefined> {
  const { quota } = env;
  const member = run.member({ container: container.id, member: sanitizeLabel(item.name) });
  const stored = storedSpan(item, input);
  const stream = stored ? undefined : new MemberStream(item.content(), quota, container.id);
  try {
    const full = stored && quota.takeBytes(stored.end - stored.start);
    if (full) {
      report(member, full);
      return undefined;
    }
    const content = stored ? sliceInput(input, stored) : stream!;
    await search(member, { input: content, depth: depth + 1, layout: item.layout, isReopened: false }, env);
    if (stream?.stop) report(member, stream.stop);
    return stored;
  } catch (error) {
    report(member, gapOf(error, container.id));
    return undefined;
  } finally {
    await stream?.close().catch(() => undefined);
  }
}
