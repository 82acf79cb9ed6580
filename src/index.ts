export { caseFacts } from './case/case-facts.ts';
export { DUMP_FORMATS } from './case/case.ts';
export type {
  AuditEvent,
  Case,
  Disturbance,
  DumpPlan,
  EventTime,
  RestorePlan,
  Statement,
  Target,
  Transaction,
  Workload,
} from './case/case.ts';
export { caseFileText, parseCaseFile, readCaseFile } from './case/case-file.ts';
export { drawDamage } from './case/draw-damage.ts';
export { drawInterruption } from './case/draw-interruption.ts';
export { drawAnotherRestore, drawCase, drawHazardous, drawWholeSpace } from './case/draw-case.ts';
export { drawUpgrade } from './case/draw-upgrade.ts';
export { withWholePlans } from './case/whole-plans.ts';
export { withGivenTimes } from './case/given-times.ts';
export { drawPipelineCase, withPipeline } from './case/pipeline-case.ts';
export type { Pipeline } from './case/pipeline.ts';
export { hazardsToDraw } from './case/recipes.ts';
export { smokeCase } from './case/smoke-case.ts';
export type { World } from './case/world.ts';
export { drawMutantCase } from './fuzz/draw-mutant-case.ts';
export { judgeAgreement } from './fuzz/agreement.ts';
export { classifyCase } from './fuzz/classify-case.ts';
export { classRates, POPULATIONS, renderRates } from './fuzz/class-rates.ts';
export type { Population } from './fuzz/class-rates.ts';
export { leastCount } from './fuzz/coverage.ts';
export { readCorpus } from './fuzz/corpus.ts';
export { drawAt } from './fuzz/draw.ts';
export { casesOf } from './fuzz/case-at.ts';
export { FuzzRun } from './fuzz/fuzz-run.ts';
export type { CorpusEntry, FuzzObserver, FuzzPlan } from './fuzz/fuzz-plan.ts';
export { judgeContinuation } from './fuzz/judge-continuation.ts';
export { judgeDamage } from './fuzz/judge-damage.ts';
export { judgeGrowingSource } from './fuzz/judge-growing-source.ts';
export { judgeInterruption } from './fuzz/judge-interruption.ts';
export { judgeLoading } from './fuzz/judge-loading.ts';
export { judgeMutant } from './fuzz/judge-mutant.ts';
export { judgeRecomputation } from './fuzz/judge-recomputation.ts';
export { judgeByPrediction, ownFinding } from './fuzz/judge-trial.ts';
export type { Lane, LaneGround } from './fuzz/lane.ts';
export type { FuzzResult, Outcome, ReportedFinding } from './fuzz/outcome.ts';
export type { Finding, Judgement, Property } from './fuzz/property.ts';
export { withGround } from './fuzz/with-ground.ts';
export { openEngine } from './postgres/open-engine.ts';
export type { Engine } from './postgres/engine.ts';
export { roundTrip } from './round-trip.ts';
export type { TrialPlace } from './trial-place.ts';
export type { Snapshot } from './snapshot/snapshot.ts';
export { auditChain } from './subject/audit-chain.ts';
export { hardened } from './subject/hardened.ts';
export type { Subject } from './subject/subject.ts';
export { CHECK_IDS, FIRST_FOUR_CHECKS } from './verdict/check.ts';
export type { CheckId, CheckResult } from './verdict/check.ts';
export { predict } from './verdict/predict.ts';
export type { TrialResult } from './verdict/trial-result.ts';
