import { decodeRequest } from './protocol/form.ts';
import type { DecodedObject } from './protocol/form.ts';

export type RecordedRequest = {
  method: string;
  path: string;
  parameters: DecodedObject;
  /** By lower-case name. */
  headers: Record<string, string>;
  /** 0 until there is an answer, and for ever when the connection was cut. */
  status: number;
  requestId: string;
};

/** Notes the call before it is answered, so that calls which never are can be seen as well. */
export async function record(
  requests: RecordedRequest[],
  request: Request,
  answer: () => Promise<Response>,
): Promise<Response> {
  const recorded: RecordedRequest = {
    method: request.method,
    path: new URL(request.url).pathname,
    parameters: await decodeRequest(request.clone()),
    headers: Object.fromEntries(request.headers),
    status: 0,
    requestId: '',
  };
  requests.push(recorded);
  const response = await answer();
  recorded.status = response.status;
  recorded.requestId = response.headers.get('request-id') ?? '';
  return response;
}
