import { context, propagation, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

/**
 * Spans by the OpenTelemetry API alone: whoever wants them starts the program with an SDK of their own (docs/alerts.md), and
 * without one nothing is kept or told. Names and attributes are words of the program: no name, no id, no text of anybody.
 */
const tracer = trace.getTracer('partner-invitations');

/** How it ended, when it ended without an error. */
export type Ends = (outcome: string, isGood: boolean) => void;

/**
 * Something that takes time, and the part of a trace that it is.
 * @param cause what made it necessary, from `activeCause` of another time or process; left out, what is under way
 */
export const during = <Result>(name: string, attributes: Attributes, act: (ends: Ends) => Promise<Result>, cause?: string): Promise<Result> => {
  const from = cause === undefined ? context.active() : propagation.extract(context.active(), { traceparent: cause });
  return tracer.startActiveSpan(name, { attributes }, from, async (span) => {
    const ends: Ends = (outcome, isGood) => {
      span.setAttribute('outcome', outcome);
      if (!isGood) span.setStatus({ code: SpanStatusCode.ERROR });
    };
    try {
      return await act(ends);
    } catch (error) {
      // The message of an error may quote anything; its name may not.
      ends(error instanceof Error ? error.name : typeof error, false);
      throw error;
    } finally {
      span.end();
    }
  });
};

/** A part of what is under way that has just ended; nothing while nothing is. */
export const ended = (name: string, ms: number, outcome: string, isGood: boolean): void => {
  if (!trace.getActiveSpan()?.isRecording()) return;
  const now = Date.now();
  const span = tracer.startSpan(name, { startTime: now - ms, attributes: { outcome } });
  if (!isGood) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(now);
};

export const activeTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId;

/** What is under way, for whoever goes on with it later. Nothing without an SDK. @see W3C Trace Context, "traceparent" */
export const activeCause = (): string | undefined => {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
};
