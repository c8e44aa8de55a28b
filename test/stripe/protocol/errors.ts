export type ErrorFields = {
  message: string;
  type: 'invalid_request_error' | 'idempotency_error' | 'api_error' | 'card_error';
  code?: string;
  decline_code?: string;
  param?: string;
};

/** An answer other than 200, in the words Stripe uses. */
export class ApiError extends Error {
  readonly status: number;
  readonly fields: ErrorFields;

  constructor(status: number, fields: Omit<ErrorFields, 'type'> & Partial<ErrorFields>) {
    super(fields.message);
    this.status = status;
    this.fields = { type: 'invalid_request_error', ...fields };
  }

  /** The body of the answer; Stripe adds where to read more about the code and the call. */
  body(requestId: string, livemode: boolean) {
    const { code } = this.fields;
    const mode = livemode ? '' : 'test/';
    return {
      error: {
        ...this.fields,
        ...(code && {
          doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
        }),
        // Refusals of the key itself are in nobody's log.
        ...(this.status !== 401 && {
          request_log_url: `https://dashboard.stripe.com/${mode}logs/${requestId}`,
        }),
      },
    };
  }
}

/** A refusal that is the stand-in's own: Stripe would know what to do. No client takes it for Stripe's. */
export function notModelled(what: string): ApiError {
  const message = `The stand-in does not model ${what}. Stripe does: add it to test/stripe.`;
  return new ApiError(501, { message, type: 'api_error', code: 'stand_in_not_modelled' });
}

/** A refusal of one parameter. */
export function invalid(param: string, message: string, code?: string): ApiError {
  return new ApiError(400, { message, param, ...(code && { code }) });
}

/** Refuses what the API may say without blaming a parameter. */
export function refuse(message: string): never {
  throw new ApiError(400, { message });
}

/** Stripe answers 404 for the object in the address and 400 for one named by a parameter. */
export function missing(noun: string, id: string, param: string, hint = ''): ApiError {
  const message = `No such ${noun}: '${id}'${hint}`;
  return new ApiError(param === 'id' ? 404 : 400, { message, param, code: 'resource_missing' });
}
