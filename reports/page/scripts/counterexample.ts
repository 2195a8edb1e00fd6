import type { PageElement } from './dom.ts';

// The functions of this file run in the page, which gets their text (`counterexampleFunctions`): they
// use nothing from outside but their arguments and each other.

/**
 * Tells of the operation that the pointer or the focus is on, and shows the prefix that ends with it:
 * what comes later in the order fades. Arrow keys and buttons go through the order step by step.
 */
export function startCounterexample(failure: PageElement): void {
  const details = failure.querySelector('.details');
  const operations = [...failure.querySelectorAll('[data-order]')].sort(
    (a, b) => Number(a.dataset.order) - Number(b.dataset.order),
  );
  const first = operations.find((each) => each.dataset.stuck === 'true') ?? operations[0];
  if (details === null || first === undefined) return;
  let current = first;
  const show = (operation: PageElement): void => {
    current = operation;
    details.textContent = operation.getAttribute('aria-label');
    const reached = Number(operation.dataset.order);
    for (const each of operations) {
      each.tabIndex = each === operation ? 0 : -1;
      each.classList.toggle('later', Number(each.dataset.order) > reached);
      each.classList.toggle('current', each === operation);
    }
  };
  const step = (by: number): PageElement | undefined =>
    operations[operations.indexOf(current) + by];
  for (const operation of operations) {
    operation.addEventListener('pointerenter', () => show(operation));
    operation.addEventListener('focus', () => show(operation));
    operation.addEventListener('keydown', (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      step(by)?.focus();
    });
  }
  for (const button of failure.querySelectorAll('button[data-step]')) {
    button.addEventListener('click', () => {
      const next = step(Number(button.dataset.step));
      if (next === undefined) return;
      show(next);
      scrollTo(failure, next);
    });
  }
  details.hidden = false;
  show(first);
  keepNames(failure);
  scrollTo(failure, first);
}

/** Who did it stays in sight while the picture is scrolled. */
function keepNames(failure: PageElement): void {
  const stage = failure.querySelector('.stage');
  const names = stage?.querySelector('.names') ?? null;
  const picture = stage?.querySelector('svg') ?? null;
  if (stage === null || names === null || picture === null) return;
  stage.addEventListener('scroll', () => {
    // The style may show the picture larger than it was drawn.
    const scale = picture.getBoundingClientRect().width / Number(picture.getAttribute('width'));
    names.setAttribute('transform', `translate(${String(stage.scrollLeft / scale)},0)`);
  });
}

function scrollTo(failure: PageElement, operation: PageElement): void {
  const stage = failure.querySelector('.stage');
  if (stage === null) return;
  const { left, width } = stage.getBoundingClientRect();
  const names = stage.querySelector('.names')?.getBoundingClientRect().width ?? 0;
  const box = operation.getBoundingClientRect();
  // In the middle of what the names leave free; its beginning in sight where it is longer than that.
  const aside = Math.max(8, (width - names - box.width) / 2);
  stage.scrollLeft += box.left - left - names - aside;
}

export const counterexampleFunctions: readonly string[] = [
  startCounterexample,
  keepNames,
  scrollTo,
].map(String);
