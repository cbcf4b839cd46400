/** Where modules are that a thread loads by URL. */

/**
 * URL of a built module, named by its path in the project without extension (`src/pool/worker`). Worker threads of
 * Node 20 can't load TypeScript: when this runs from source (tests do), it is the module's twin in `dist/`.
 */
export function builtModule(name: string): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(`../../${isSource ? 'dist/' : ''}${name}.js`, import.meta.url);
}
