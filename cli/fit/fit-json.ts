import type { ArrivalFit } from '../../lab/fit/arrival-fit.ts'
import type { LengthFit } from '../../lab/fit/length-fit.ts'
import type { TraceFit } from '../../lab/fit/trace-fit.ts'
import type { ReplayFacts } from '../../src/compare/raw-result.ts'

/** Returns a fit as a document of JSON. A figure that does not exist is null. `case` can be spread into a case of a scenario. */
export function fitJson(
  { file, format, rows, outside }: ReplayFacts,
  { arrivals, prompt, output, proposed }: TraceFit,
): string {
  const document = {
    trace: { file, format, rows, outside },
    case: proposed,
    arrivals: arrivalsJson(arrivals),
    prompt: lengthJson(prompt),
    output: lengthJson(output),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function arrivalsJson({ calls, span, perSecond, cv, second, minute, laws }: ArrivalFit) {
  return {
    calls,
    span_ms: span,
    per_second: perSecond,
    cv,
    dispersion_second: second.index,
    dispersion_minute: minute.index,
    laws: laws.map(({ law, distance, explainsCounts }) => ({ law, distance, explains_counts: explainsCounts })),
  }
}

function lengthJson({ calls, mean, quantiles, logNormal, distances }: LengthFit) {
  return {
    calls,
    mean,
    quantiles,
    log_normal: logNormal,
    distance_quantiles: distances.quantiles,
    distance_log_normal: distances.logNormal,
  }
}
