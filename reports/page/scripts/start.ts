import type { MessageBlock } from '../../messages/block.ts';
import type { OperationBlock } from '../../operations/block.ts';
import type { ChartRange, Drawing, startCharts } from './charts.ts';
import type { startCounterexample } from './counterexample.ts';
import type { Browser, PageElement } from './dom.ts';
import type { MessageFilter, messagesSource } from './messages-source.ts';
import type { Filter, operationsSource } from './operations-source.ts';
import type { Item, Source } from './scene.ts';
import type { Stage, StageTools, startStage } from './stage.ts';

// The functions of this file run in the page, which gets their text (`startFunctions`): they use
// nothing from outside but their arguments and each other. Without them the page still says all it has
// to say, with still pictures.

/** The page's own functions, which this file has by their text alone. */
export interface PageKit {
  readonly startCharts: typeof startCharts;
  readonly startCounterexample: typeof startCounterexample;
  readonly startStage: typeof startStage;
  readonly operationsSource: typeof operationsSource;
  readonly messagesSource: typeof messagesSource;
  readonly stageTools: StageTools;
}

export interface PageData extends Drawing {
  readonly operations: OperationBlock | null;
  readonly messages: readonly MessageBlock[];
}

/** Brings a page to life. */
export function startPage(browser: Browser, data: PageData, kit: PageKit): void {
  const { document } = browser;
  document.documentElement.classList.add('scripted');
  enableCopying(browser);
  for (const failure of document.querySelectorAll('.failure')) kit.startCounterexample(failure);
  const charts = kit.startCharts(browser, data);
  const root = document.querySelector('[data-stage="operations"]');
  if (root !== null && data.operations !== null)
    startOperations(browser, root, data.operations, { kit, charts });
  data.messages.forEach((block, at) => {
    const stage = document.querySelector(`[data-stage="messages-${String(at)}"]`);
    if (stage !== null) startMessages(browser, stage, block, kit);
  });
}

function enableCopying({ document, navigator }: Browser): void {
  const clipboard = navigator.clipboard;
  if (clipboard === undefined) return;
  for (const button of document.querySelectorAll('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const text = document.querySelector(button.dataset.copy ?? '')?.textContent ?? '';
      clipboard.writeText(text).then(
        () => (button.textContent = 'Copied'),
        () => (button.textContent = 'Select and copy by hand'),
      );
    });
  }
}

/** The timeline of operations; it follows what is chosen in the charts. */
function startOperations(
  browser: Browser,
  root: PageElement,
  block: OperationBlock,
  { kit, charts }: { readonly kit: PageKit; readonly charts: ChartRange },
): void {
  const { document } = browser;
  const field = (name: string): PageElement | null => root.querySelector(`[data-field="${name}"]`);
  offer(document, field('kind'), block.kinds);
  const chosen = (name: string): number | null => {
    const value = field(name)?.value ?? '';
    return value === '' ? null : Number(value);
  };
  const filterNow = (): Filter => ({
    lanesBy: (field('lanes')?.value ?? 'client') as Filter['lanesBy'],
    kind: chosen('kind'),
    outcome: chosen('outcome'),
    text: field('text')?.value ?? '',
  });
  const source = kit.operationsSource(block, (text) => browser.atob(text), filterNow);
  const stage = kit.startStage(browser, root, source, kit.stageTools);
  if (stage === null) return;
  for (const name of ['lanes', 'kind', 'outcome', 'text'])
    field(name)?.addEventListener('input', () => stage.refresh());
  const places: readonly (readonly [string, number, number])[] = [
    ...block.suspicions.map(({ name, fromS, toS }) => {
      const marginS = Math.max(0.002, (toS - fromS) * 1.5);
      return [`✗ ${name}`, fromS - marginS, toS + marginS] as const;
    }),
    ...block.faults.map(({ labels, beginS, endS }) => {
      const marginS = Math.min(0.25, (endS - beginS) / 4);
      return [
        `fault at ${beginS.toFixed(1)} s: ${labels[0] ?? ''}`,
        beginS - marginS,
        beginS + 3 * marginS,
      ] as const;
    }),
  ];
  const goTo = field('place');
  offer(
    document,
    goTo,
    places.map(([name]) => name),
  );
  goTo?.addEventListener('input', () => {
    const place = places[Number(goTo.value === '' ? Number.NaN : goTo.value)];
    if (place !== undefined) stage.show(place[1], place[2]);
  });
  charts.onChoice((fromS, toS) => stage.show(fromS, toS));
  enableTable(document, root, { stage, source });
}

/** Adds choices to a select, numbered in order. */
function offer(
  document: Browser['document'],
  select: PageElement | null,
  names: readonly string[],
): void {
  names.forEach((name, at) => {
    const option = document.createElement('option');
    option.value = String(at);
    option.textContent = name;
    select?.append(option);
  });
}

/** The operations in sight as a list, for those who read rather than look. */
function enableTable(
  document: Browser['document'],
  root: PageElement,
  { stage, source }: { readonly stage: Stage; readonly source: Source },
): void {
  const list = root.querySelector('details.listing');
  const body = list?.querySelector('ol');
  if (list === null || body === null || body === undefined) return;
  const most = 200;
  const fill = (): void => {
    if (!list.open) return;
    const { items } = source.scene(...stage.window());
    const line = (item: Item): PageElement => {
      const entry = document.createElement('li');
      entry.textContent = source.tell(item.id).split('\n').join('; ');
      return entry;
    };
    const entries = items.slice(0, most).map(line);
    if (items.length > most) {
      const more = document.createElement('li');
      more.textContent = `and ${(items.length - most).toLocaleString('en-US')} more: zoom in or filter`;
      entries.push(more);
    }
    body.replaceChildren(...entries);
  };
  list.addEventListener('toggle', fill);
  for (const button of list.querySelectorAll('button')) button.addEventListener('click', fill);
}

/** The messages around a violation. */
function startMessages(
  browser: Browser,
  root: PageElement,
  block: MessageBlock,
  kit: PageKit,
): void {
  const select = root.querySelector('[data-field="messages"]');
  offer(browser.document, select, block.kinds);
  const filterNow = (): MessageFilter => {
    const value = select?.value ?? 'eventful';
    return value === 'all' || value === 'eventful' ? value : Number(value);
  };
  const source = kit.messagesSource(block, filterNow);
  const stage = kit.startStage(browser, root, source, kit.stageTools);
  select?.addEventListener('input', () => stage?.refresh());
}

export const startFunctions: readonly string[] = [
  ...[startPage, enableCopying, startOperations, offer, enableTable, startMessages],
].map(String);
