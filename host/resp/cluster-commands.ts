import type { CommandSpec, Plan, ServerFacts } from './commands.ts';
import { array, bulk, error, renderOk } from './reply-text.ts';

/** Commands that concern the cluster and not the data: who votes in it, and who leads it. */
export const clusterCommands: Readonly<Record<string, CommandSpec>> = {
  members: { least: 1, most: 100, run: (_client, args, facts) => members(args, facts) },
  transfer: {
    least: 1,
    most: 1,
    run: (_client, [to = '']) => ({
      ...{ kind: 'request', request: { op: 'transfer', to }, render: renderOk },
    }),
  },
};

/** `MEMBERS GET` lists those this node knows of; `MEMBERS SET n1 n2 …` makes it exactly these. */
function members([verb = '', ...nodes]: readonly string[], facts: ServerFacts): Plan {
  if (verb.toLowerCase() === 'get' && nodes.length === 0) {
    const known = facts.members();
    if (known === null) return say(error('ERR', 'the members of this cluster never change'));
    return say(array(known.map((node) => bulk(node))));
  }
  if (verb.toLowerCase() === 'set' && nodes.length > 0) {
    return { kind: 'request', request: { op: 'members', nodes }, render: renderOk };
  }
  return say(
    error('ERR', 'syntax error: expected MEMBERS GET, or MEMBERS SET with names of nodes'),
  );
}

function say(text: string): Plan {
  return { kind: 'reply', text };
}
