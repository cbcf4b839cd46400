/** Results of tasks that nobody could finish. */
import type { Gap } from '../model/finding.ts';
import { NO_STATS, type ScanTask, type Task, type TaskResult } from '../model/task.ts';

/** What was to be scanned as one gap. */
export function gapOf(
  code: Gap['code'],
  { locator, trail, range }: Pick<ScanTask, 'locator' | 'trail' | 'range'>,
  detail?: string,
): Gap {
  return {
    code,
    input: locator.label,
    ...(trail.length > 0 && { trail }),
    ...(range && { span: range }),
    ...(detail && { detail }),
  };
}

/** The whole task as one gap. */
export function failedTask(task: Task, code: Gap['code'], detail?: string): TaskResult {
  return { id: task.id, findings: [], gaps: [gapOf(code, task, detail)], leads: [], rest: [], stats: NO_STATS };
}
