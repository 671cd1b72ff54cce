import { ContractError, cutText } from '@level-one/errors';
import { CommonErrorId } from '@level-one/platform';

const ID = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;
const MESSAGE_LENGTH_MAX = 512;
/** Codes of rejections that may pass: temporary ones, and those that came too late. */
const PASSING = /^(T\d\d|R0[02])$/;
/** When a payment that was rejected for a passing reason may be tried again. */
const TRY_AGAIN_S = 5;

/**
 * The error a payer gets for a rejected payment (contract, appendix A): id and message that the rejecting system gave,
 * `{ …, message, additional_info: { id, message } }`. Ids of things that were not found keep 404, all others are 422.
 * They come from another DFSP, so only text in the form of an id is passed on. A rejection that may pass says when to
 * try again, by another payment.
 */
export function errorOfRejection(rejection: Record<string, unknown> | null | undefined): ContractError {
  const info = (rejection?.['additional_info'] ?? {}) as Record<string, unknown>;
  const givenId = typeof info === 'object' && info !== null ? info['id'] : undefined;
  const id = typeof givenId === 'string' && ID.test(givenId) ? givenId : CommonErrorId.UnprocessableEntity;
  const texts = [info['message'], rejection?.['message'], rejection?.['name']];
  const message = texts.find((text): text is string => typeof text === 'string' && text !== '');
  return new ContractError(
    /NotFound(Error)?$|^InvalidReceiverIdError$/.test(id) ? 404 : 422,
    id,
    cutText(message ?? 'The payment was rejected', MESSAGE_LENGTH_MAX),
    {},
    undefined,
    PASSING.test(String(rejection?.['code'])) ? TRY_AGAIN_S : undefined,
  );
}

/** An error in the form of a rejection, from which {@link errorOfRejection} makes it again. */
export function rejectionOf({ id, message }: ContractError): Record<string, unknown> {
  return { message, additional_info: { id, message } };
}
