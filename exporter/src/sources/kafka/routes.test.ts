import { routesOf, withoutTopic } from './routes';

const SELDON = [
  'seldon.shop.model.iris.inputs',
  'seldon.shop.model.iris.outputs',
  'seldon.shop.pipeline.chain.outputs',
];
const EXISTING = ['predictions', 'asked', 'answered', 'seldon.shop.errors.outputs', '__consumer_offsets', ...SELDON];

describe('routesOf', () => {
  it('takes namespace, model and half of an exchange from the names of Seldon', () => {
    const routes = routesOf([{ topic: 'seldon.*', format: 'seldon' }], EXISTING);
    expect([...routes.keys()]).toEqual(SELDON);
    expect(routes.get('seldon.shop.model.iris.outputs')).toEqual({
      format: 'inference',
      kind: 'response',
      together: 'seldon.shop.model.iris',
      defaults: { namespace: 'shop', model: 'iris' },
    });
    expect(routes.get('seldon.shop.pipeline.chain.outputs')).toMatchObject({ defaults: { model: 'chain' } });
  });

  it('lets the first that fits count, and what is given win over a name', () => {
    const routes = routesOf(
      [
        { topic: 'seldon.shop.model.iris', format: 'seldon', model: 'iris-v2' },
        { topic: '*', format: 'json', model: 'other' },
      ],
      EXISTING
    );
    expect(routes.get('seldon.shop.model.iris.inputs')?.defaults).toEqual({ namespace: 'shop', model: 'iris-v2' });
    expect(routes.get('predictions')).toEqual({ format: 'json', defaults: { model: 'other' } });
  });

  it('joins two topics, and keeps the halves in one topic together', () => {
    const routes = routesOf(
      [
        { topic: 'asked', responseTopic: 'answered', format: 'inference', model: 'risk' },
        { topic: 'predictions', format: 'cloudevents' },
      ],
      EXISTING
    );
    expect(routes.get('asked')).toMatchObject({ kind: 'request', together: 'asked' });
    expect(routes.get('answered')).toMatchObject({ kind: 'response', together: 'asked' });
    expect(routes.get('predictions')?.together).toBe('predictions');
  });

  it('tells what there is no topic for', () => {
    const wanted = [
      { topic: 'predictions', format: 'json' },
      { topic: 'gone*', format: 'json' },
    ] as const;
    expect(withoutTopic(wanted, EXISTING)).toEqual(['gone*']);
  });
});
