const hooks = new Set<() => void>();

/**
 * Calls the hook if this process ends in an orderly way (an uncaught error, `process.exit`) while it
 * is still wanted. What it does must be synchronous. The returned function takes it back.
 */
export function atExit(hook: () => void): () => void {
  if (hooks.size === 0) process.on('exit', callAll);
  hooks.add(hook);
  return () => {
    hooks.delete(hook);
    if (hooks.size === 0) process.off('exit', callAll);
  };
}

function callAll(): void {
  for (const hook of hooks) hook();
}
