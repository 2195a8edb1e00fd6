/**
 * A small strict reader of XML: every tag with its attributes, in order. Throws where the text is not
 * well-formed, so that a test of escaping needs no parser that forgives.
 */
export function tagsOf(xml: string): { name: string; attributes: Record<string, string> }[] {
  const open: string[] = [];
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const body = xml.replace(/^<\?xml[^?]*\?>\n/u, '');
  const token = /<(\/?)([a-z-]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(.)/guy;
  for (const [all, closing, name, attributes, empty, text, wrong] of body.matchAll(token)) {
    if (wrong !== undefined) throw new Error(`expected a tag or text, got ${all}`);
    if (text !== undefined) checkText(text);
    if (name === undefined) continue;
    if (closing === '/') {
      const expected = open.pop();
      if (expected !== name) throw new Error(`expected </${String(expected)}>, got </${name}>`);
      continue;
    }
    if (empty !== '/') open.push(name);
    const pairs = [...(attributes ?? '').matchAll(/([a-z]+)="([^"]*)"/gu)];
    for (const [, , value] of pairs) checkText(value ?? '');
    tags.push({
      name,
      attributes: Object.fromEntries(
        pairs.map(([, key, value]) => [key ?? '', unescaped(value ?? '')]),
      ),
    });
  }
  if (open.length > 0) throw new Error(`expected all tags closed, got ${open.join(', ')} open`);
  return tags;
}

function checkText(text: string): void {
  if (!/^(?:[^&]|&#\d+;)*$/u.test(text)) throw new Error(`expected escaped text, got ${text}`);
  const legal = /^[\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;
  if (!legal.test(text))
    throw new Error(`expected characters legal in XML, got ${JSON.stringify(text)}`);
}

export function unescaped(text: string): string {
  return text.replace(/&#(\d+);/gu, (_, code: string) => String.fromCharCode(Number(code)));
}
