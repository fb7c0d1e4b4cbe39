/** Editors come in a file of their own: who looks at a dashboard edits none. */
import React, { createElement, lazy, Suspense, type ComponentType } from 'react';

const editors = () => import(/* webpackChunkName: "editors" */ './index');

function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Editor = lazy(async () => ({ default: await load() }));
  return function LazyEditor(props: Props): React.JSX.Element {
    const editor = createElement(Editor as unknown as ComponentType<Props>, props);
    return <Suspense fallback={<span role="status">Loading the editor</span>}>{editor}</Suspense>;
  };
}

export const ConfigEditor = lazily(async () => (await editors()).ConfigEditor);
export const QueryEditor = lazily(async () => (await editors()).QueryEditor);
export const VariableQueryEditor = lazily(async () => (await editors()).VariableQueryEditor);
