// These files are part of the program as its modules are, and lie beside them in the package. To
// read them is no more I/O than an import; nothing of a run is read or written here.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** DejaVu Sans: without a font of our own, text is silently missing where the system has none. */
export function fontPath(): string {
  return fileURLToPath(new URL('./fonts/DejaVuSans.ttf', import.meta.url));
}

/** The bundle of chart.js for browsers, without the reference to its source map. */
export function chartJsForBrowsers(): string {
  const require = createRequire(import.meta.url);
  const bundle = new URL('chart.umd.min.js', pathToFileURL(require.resolve('chart.js')));
  return readFileSync(bundle, 'utf8').replace(/\n?\/\/# sourceMappingURL=\S*\s*$/u, '');
}
