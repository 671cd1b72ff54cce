/** A fault that is put into the example server, and words of the finding that must name it. */
export interface PlantedFault {
  name: string;
  /** Text of the example, and what stands there instead. */
  replace: readonly [from: string, to: string];
  finding: RegExp;
}

const GOOD_ANSWER = '  if (response.ok) return body;';

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'callers are not checked',
    replace: ['if (!KNOWN_CALLERS.has(request.headers.authorization))', 'if (request.headers.never)'],
    finding: /a request without credentials was answered 20[01]; must be answered 401/,
  },
  {
    name: 'amounts become numbers',
    replace: [
      GOOD_ANSWER,
      '  if (body.destinationAmount) body.destinationAmount = Number(body.destinationAmount);\n  if (response.ok) return body;',
    ],
    finding: /`destinationAmount` must be string/,
  },
  {
    name: 'amounts lose a decimal on the way',
    replace: [
      'body: json && JSON.stringify(json),',
      'body: json && JSON.stringify({ ...json, amount: json.amount && String(Number(json.amount)) }),',
    ],
    finding: /asked with amount "0\.1"; must be "0\.10"/,
  },
  {
    name: 'errors carry the stack',
    replace: ['{ status, body: { id, message } }', '{ status, body: { id, message: new Error(message).stack } }'],
    finding: /answered with insides of the program/,
  },
  {
    name: 'a set-up is 200',
    replace: ['201, askDfsp], // S.D', '200, askDfsp], // S.D'],
    finding: /POST \/spsp\/backend\/v1\/setup: a valid request was answered 200; must be answered 201/,
  },
  {
    name: 'the URL for news of payments is left out',
    replace: ['paymentsUrl: `', 'paymentUrl: `'],
    finding: /must add the URL for news of payments/,
  },
  {
    name: 'the trace is lost',
    replace: ["['l1p-trace-id', 'traceparent', 'l1p-from-dfsp']", "['l1p-from-dfsp']"],
    finding: /the header L1p-Trace-Id was not passed on/,
  },
  {
    name: 'the DFSP that asked is lost',
    replace: ["['l1p-trace-id', 'traceparent', 'l1p-from-dfsp']", "['l1p-trace-id', 'traceparent']"],
    finding: /the header L1p-From-Dfsp was not passed on/,
  },
  {
    name: 'every error is 500',
    replace: ['return [status, body, retryAfter', 'return [500, body, retryAfter'],
    finding: /was answered 500 \w+; must be answered 404/,
  },
  {
    name: 'the DFSP is asked without credentials',
    replace: ['authorization: basic(`spsp-backend:${ROLE_PASSWORD}`),', ''],
    finding: /the DFSP API was asked without credentials; must be asked by HTTP Basic/,
  },
  {
    name: 'the id in the body is not compared with the path',
    replace: ['if (!path.endsWith(`/${news?.paymentid}`))', 'if (path === news)'],
    finding: /news whose paymentid is not the one in the path was answered 200; must be answered 400/,
  },
  {
    name: 'bodies have no limit',
    replace: ['256 * 1024', 'Infinity'],
    finding: /a huge body was answered \d+ ?\w*; must be answered 413/,
  },
  {
    name: 'any content type is taken',
    replace: ["if (!type.startsWith('application/json'))", 'if (type === 0)'],
    finding: /JSON with the content type text\/plain was answered 20[01]; must be answered 415/,
  },
  {
    name: 'errors have no id',
    replace: ['{ status, body: { id, message } }', '{ status, body: { error: message } }'],
    finding: /an error must be JSON \{ "id", "message" \}/,
  },
  {
    name: 'errors have ids of their own',
    replace: ["'NotFoundError', 'There is no such route'", "'NoSuchRoute', 'There is no such route'"],
    finding: /the id NoSuchRoute, which is none of the contract's/,
  },
  {
    name: 'a slash in a number becomes a part of the path',
    replace: ['fetch(DFSP_API_URL + path,', 'fetch(DFSP_API_URL + decodeURIComponent(path),'],
    finding:
      /GET \/spsp\/backend\/v1\/receivers\/\{identifier\}: a valid request was answered 404 NotFoundError; must be answered 200/,
  },
  {
    name: 'a repeated set-up is refused',
    replace: [
      GOOD_ANSWER,
      "  if (path === '/setup' && SEEN.size === SEEN.add(json.paymentId).size) throw refusal(422, 'AlreadyExistsError', 'Twice');\n  if (response.ok) return body;",
    ],
    finding: /the request repeated with the same content was answered 422 AlreadyExistsError; must be answered 201/,
  },
  {
    name: 'a body that is no JSON is a failure',
    replace: ["throw refusal(400, 'InvalidBodyError', 'The body is not valid JSON');", "throw new Error('bad JSON');"],
    finding: /a body that is no JSON was answered 502 ExternalError; must be answered 400/,
  },
  {
    name: 'news of payments is kept for itself',
    replace: ['return askDfsp(request, path.startsWith', 'return news ? {} : askDfsp(request, path.startsWith'],
    finding: /did not ask the DFSP API of a payment that is proposed/,
  },
  {
    name: 'a refusal of its own password blames the caller',
    replace: ['status < 500 && status !== 401', 'status < 500'],
    finding: /refuses your credentials was answered 401 Unauthorized; must be answered 502/,
  },
];
