export interface CardLink {
  readonly title: string;
  readonly href: string;
  readonly target?: string;
  /** True for what begins something, as a new alert: never taken for the way to look at the model. */
  readonly begins?: boolean;
}

/** Where Enter and the name in the table lead. */
export function wayTo(links: readonly CardLink[]): CardLink | undefined {
  return links.find(({ begins }) => !begins);
}

/** Follows a link as a click would, so that new tabs, modifier keys and Grafana's own router behave as ever. */
export function follow({ href, target }: CardLink): void {
  const anchor = document.createElement('a');
  anchor.href = href;
  if (target) anchor.target = target;
  document.body.appendChild(anchor);
  anchor.click();
  anchor.remove();
}

/** The first link of the open card, which is outside of the view: floating cards live at the end of the page. */
export function focusFirstLink(): void {
  document.querySelector<HTMLElement>('[role=dialog] a[href], [role=dialog] button')?.focus();
}
