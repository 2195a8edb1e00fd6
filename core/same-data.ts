/** Whether two values of plain data (no cycles, no prototypes of their own) say the same. */
export function sameData(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  if (one === null || other === null || Array.isArray(one) !== Array.isArray(other)) return false;
  // Loops over names make no garbage: simulated runs compare a great many commands.
  let fields = 0;
  for (const name in one) {
    fields++;
    if (!Object.hasOwn(other, name) || !sameData(fieldOf(one, name), fieldOf(other, name))) {
      return false;
    }
  }
  for (const _ in other) fields--;
  return fields === 0;
}

function fieldOf(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name];
}
