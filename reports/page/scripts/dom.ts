/** The parts of a browser that the page uses; code that runs in Node.js too has no DOM types. */
export interface PageElement {
  hidden: boolean;
  textContent: string | null;
  tabIndex: number;
  value: string;
  width: number;
  height: number;
  scrollLeft: number;
  scrollTop: number;
  readonly open: boolean;
  readonly clientWidth: number;
  readonly clientHeight: number;
  readonly dataset: Readonly<Record<string, string | undefined>>;
  readonly classList: {
    add(name: string): void;
    remove(name: string): void;
    toggle(name: string, on: boolean): void;
  };
  readonly style: Record<string, string>;
  focus(): void;
  remove(): void;
  append(...children: PageElement[]): void;
  replaceChildren(...children: PageElement[]): void;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  closest(selector: string): PageElement | null;
  matches(selector: string): boolean;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  getBoundingClientRect(): {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  setPointerCapture(pointer: number): void;
  getContext(kind: '2d'): Pen | null;
  addEventListener(
    name: string,
    listener: (event: PageEvent) => void,
    options?: { readonly passive: boolean },
  ): void;
}

export interface PageEvent {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly button: number;
  readonly buttons: number;
  readonly clientX: number;
  readonly clientY: number;
  readonly deltaX: number;
  readonly deltaY: number;
  readonly pointerId: number;
  readonly target: PageElement;
  preventDefault(): void;
}

/** A canvas's context. */
export interface Pen {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  font: string;
  textAlign: string;
  textBaseline: string;
  globalAlpha: number;
  save(): void;
  restore(): void;
  scale(x: number, y: number): void;
  beginPath(): void;
  rect(x: number, y: number, width: number, height: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  clip(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  fill(): void;
  stroke(): void;
  setLineDash(pattern: readonly number[]): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
}

export interface Browser {
  readonly devicePixelRatio: number;
  readonly document: PageElement & {
    readonly documentElement: PageElement;
    readonly activeElement: PageElement | null;
    createElement(name: string): PageElement;
  };
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  atob(text: string): string;
  requestAnimationFrame(draw: () => void): number;
  getComputedStyle(element: PageElement): {
    readonly fontSize: string;
    getPropertyValue(name: string): string;
  };
  matchMedia(query: string): {
    readonly matches: boolean;
    addEventListener(name: string, listener: () => void): void;
  };
  addEventListener(name: string, listener: () => void): void;
}
