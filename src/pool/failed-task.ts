/** Results of tasks that nobody could finish. */
import type { Gap } from '../model/finding.ts';
import { NO_STATS, type Task, type TaskResult } from '../model/task.ts';

/** The whole task as one gap. */
export function failedTask(task: Task, code: Gap['code'], detail?: string): TaskResult {
  const gap: Gap = {
    code,
    input: task.locator.label,
    ...(task.trail.length > 0 && { trail: task.trail }),
    ...(task.kind === 'scan' && task.range && { span: task.range }),
    ...(detail && { detail }),
  };
  return { id: task.id, findings: [], gaps: [gap], leads: [], rest: [], stats: NO_STATS };
}
