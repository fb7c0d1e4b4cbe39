import { decodeInference } from './inference-message';
import { MESSAGES } from './testing';

const tensor = (name: string, datatype: string, data: unknown[], shape = [2]) => ({ name, datatype, shape, data });

describe('a request', () => {
  it('has the values of its typed contents', () => {
    expect(decodeInference(MESSAGES.typed, 'request')).toEqual({
      model_version: '',
      inputs: [
        tensor('amount', 'FP64', [12.5, -0.25], [2, 1]),
        tensor('country', 'BYTES', ['DE', 'Zürich'], [2, 1]),
        tensor('count', 'INT32', [-3, 7], [2, 1]),
        tensor('big', 'INT64', [-9_007_199_254_740_991, 5]),
        // 0.1, not what is left of it in 32 bits.
        tensor('ratio', 'FP32', [0.1, NaN]),
        tensor('known', 'BOOL', [true, false]),
        tensor('u', 'UINT64', [1, 2 ** 53]),
        tensor('u8', 'UINT8', [0, 255]),
      ],
    });
  });

  it('has the values of its raw contents', () => {
    expect(decodeInference(MESSAGES.raw, 'request')).toEqual({
      model_version: '',
      inputs: [
        tensor('amount', 'FP32', [0.1, 16_777_216]),
        tensor('country', 'BYTES', ['DE', '']),
        tensor('half', 'FP16', [1.5, -65_504]),
        tensor('n', 'INT64', [-1, 3]),
      ],
    });
  });

  it('may come with the id of a schema', () => {
    const withId = Buffer.concat([Buffer.from([0, 0, 0, 0, 7, 0]), MESSAGES.raw]);
    expect(decodeInference(withId, 'request')).toEqual(decodeInference(MESSAGES.raw, 'request'));
  });
});

describe('a response', () => {
  it('has its version, and values of either kind', () => {
    expect(decodeInference(MESSAGES.response, 'response')).toEqual({
      model_version: '4',
      outputs: [tensor('predict', 'BYTES', ['yes', 'no'], [2, 1])],
    });
    expect(decodeInference(MESSAGES.rawResponse, 'response')).toEqual({
      model_version: '4',
      outputs: [tensor('predict', 'INT64', [1, 0])],
    });
  });
});

describe('what is refused', () => {
  it('is told with its place', () => {
    expect(() => decodeInference(MESSAGES.short, 'request')).toThrow(
      'raw_input_contents: expected as many as inputs, 2, got 1'
    );
    expect(() => decodeInference(MESSAGES.raw.subarray(0, 40), 'request')).toThrow(
      'request: expected a message of the Open Inference Protocol: it ends within'
    );
    expect(() => decodeInference(Buffer.from('no message at all'), 'response')).toThrow(
      /^response: expected a message/
    );
  });

  it('never is another error than one that names the place', () => {
    for (let end = 0; end < MESSAGES.typed.length; end++) {
      for (const bytes of [MESSAGES.typed.subarray(0, end), MESSAGES.raw.subarray(end), MESSAGES.typed.subarray(end)]) {
        try {
          decodeInference(bytes, 'request');
        } catch (error) {
          expect((error as Error).name).toBe('DecodeError');
        }
      }
    }
  });
});
