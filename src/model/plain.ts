/** Compile-time proof that a type is plain JSON, so that it can cross a thread, a queue and a report unchanged. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Fails to compile when `T` is not plain JSON. Called as `assertPlain<Finding>()` in the module that declares the type.
 * Declare wire types with `type`, not `interface`: an interface has no index signature.
 */
export function assertPlain<_T extends Json>(): void {
  // Types only: nothing happens at run time.
}
