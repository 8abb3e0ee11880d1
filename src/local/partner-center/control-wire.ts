import { AnsweredEarly, parsed, type Answered, type Asked } from './route.js';

export const nothing: Answered = { status: 404, body: { error: 'There is no such thing in this world.' } };

/** @throws AnsweredEarly 400 when the body is no JSON */
export const jsonIn = ({ body }: Asked): unknown => {
  const value = parsed(body);
  if (value === undefined) throw new AnsweredEarly({ status: 400, body: { error: 'The body is not JSON.' } });
  return value;
};
