/** Compile-time proof that a type is plain JSON, so that it can cross a thread, a queue and a report unchanged. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * `Plain<T>` is `T` when `T` is plain JSON, `never` otherwise. Declare wire types with `type`, not `interface`
 * (an interface has no index signature), and assert them once: `type _ = Assert<Plain<Finding>>`.
 */
export type Plain<T> = T extends Json ? T : never;

/** Fails to compile when `T` is `never`. */
export type Assert<T> = [T] extends [never] ? { error: 'not plain JSON' } & never : true;

/** Use as `assertPlain<Finding>()` in the module that declares the type: fails to compile when it isn't plain. */
export function assertPlain<_T extends Json>(): void {
  // Types only: nothing happens at run time.
}
