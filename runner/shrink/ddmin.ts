/**
 * Takes items out as long as what is left passes the test, in ever smaller chunks: the complements of
 * `ddmin` (Zeller & Hildebrandt 2002, "Simplifying and isolating failure-inducing input", §3.2), with the
 * empty list tried first. The test is told what would be left, and answers whether it will do.
 *
 * The result is 1-minimal: the test refused each list that lacks one item more. It takes at most
 * n² + 3n tests; a test that only refuses ends it after 2n.
 */
export async function ddmin<Item>(
  items: readonly Item[],
  willDo: (left: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  if (items.length === 0 || (await willDo([]))) return [];
  let left = items;
  let chunkLength = Math.ceil(left.length / 2);
  while (left.length > 1) {
    const smaller = await withoutChunks(left, chunkLength, willDo);
    const wentOn = smaller.length < left.length;
    left = smaller;
    // At the finest grain whatever went may have made something else superfluous.
    if (chunkLength === 1 && !wentOn) return left;
    chunkLength = Math.max(1, Math.min(Math.ceil(chunkLength / 2), Math.ceil(left.length / 2)));
  }
  return left;
}

/** Goes once through the list and leaves out every chunk that it can. The list never gets empty. */
async function withoutChunks<Item>(
  items: readonly Item[],
  length: number,
  willDo: (left: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let left = items;
  // From the end: what comes later more often only followed from what came before.
  for (let start = left.length - length; start > -length; start -= length) {
    const rest = [...left.slice(0, Math.max(0, start)), ...left.slice(start + length)];
    if (rest.length > 0 && (await willDo(rest))) left = rest;
  }
  return left;
}
