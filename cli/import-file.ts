import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { UsageError, messageOf } from './failure.ts';
import { extension } from './package-root.ts';

/**
 * Imports a file of the user's, in TypeScript or JavaScript, and returns what it exports as default. In
 * it `import … from 'dtest'` means the dtest that runs, wherever it is and the file is. Throws
 * `UsageError` when the file cannot be loaded.
 */
export async function importFile(path: string): Promise<unknown> {
  const itself = new URL(`./define-config.${extension}`, import.meta.url).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'dtest' ? { url: itself, shortCircuit: true } : next(specifier, context),
  });
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    throw new UsageError(`${path} could not be loaded: ${messageOf(error)}`);
  } finally {
    hooks.deregister();
  }
}
