/** Values of options as arguments.ts hands them out, each by the type of its option. */

/** A list for options of that type; of any other option given more than once, the last value. */
export type OptionValue = string | boolean | readonly string[] | undefined;

export type Options = Readonly<Record<string, OptionValue>>;

export function textOf(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export const isSet = (options: Options, name: string): boolean => options[name] === true;

export function listOf(options: Options, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value : [];
}
