// @ts-check
/** Operations of an OpenAPI document of a role. */

/**
 * @typedef {{ $ref?: string, oneOf?: Schema[], type?: string, items?: Schema, properties?: Record<string, Schema>, required?: string[] }} Schema
 * @typedef {Record<string, { schema?: Schema }>} Content by media type
 * @typedef {object} Operation
 * @property {{ name: string, in: string, required?: boolean }[]} [parameters]
 * @property {{ content?: Content }} [requestBody]
 * @property {Record<string, { description?: string, content?: Content }>} responses by status
 * @property {readonly string[]} [x-hop] ids of the hops that the route serves
 * @property {readonly string[]} [x-callers] roles and kinds of callers that may call the route
 * @property {string} [x-alias-of] primary route of an alias
 * @typedef {object} RoleDocument
 * @property {Record<string, Record<string, Operation>>} paths operations by path and method
 * @property {{ schemas: Record<string, Schema> }} components
 */

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/**
 * Operations in the order of the document; `request` is for example `GET /users/{number}`.
 * @param {RoleDocument} document
 * @returns {{ request: string, operation: Operation }[]}
 */
export function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ request: `${method.toUpperCase()} ${path}`, operation }] : [];
    }),
  );
}
