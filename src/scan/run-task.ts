/** Runs one task to its result. Never throws: what goes wrong is a gap. */
import type { Task, TaskResult } from '../model/task.ts';
import type { Context } from './context.ts';

export declare function runTask(task: Task, context: Context): Promise<TaskResult>;
