import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Report } from '../report.ts';
import { html, trusted, type Markup } from './markup.ts';

const WIDTH = 420;
const MOST_BINS = 60;

/** Trials per second over the run, and the time that each stage takes, drawn here and now: the page needs no library. */
export function plotsSection(report: Report): Markup | undefined {
  const stages = stageTimes(report);
  const rates = ratesOf(report);
  if (stages.length === 0) return undefined;
  return html`<section aria-labelledby="times">
    <h2 id="times">Times</h2>
    <div class="plots">
      ${
        rates.length < 3
          ? undefined
          : html`<figure>
              <figcaption>Cases per second</figcaption>
              ${drawRates(rates)}
            </figure>`
      }
      <figure>
        <figcaption>
          ${
            report.cases.length > 1
              ? 'Milliseconds of a case by stage: bar, the median; line, to the 95th percentile'
              : 'Milliseconds by stage'
          }
        </figcaption>
        ${drawStages(stages)}
      </figure>
    </div>
  </section>`;
}

interface Rate {
  readonly seconds: number;
  readonly rate: number;
}

/** Cases that ended in each of some equal parts of the run; shards of a merged run count together. */
function ratesOf({ cases, milliseconds }: Report): Rate[] {
  const bins = Math.min(MOST_BINS, Math.floor(milliseconds / 1000));
  if (bins < 1) return [];
  const width = milliseconds / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const { at } of cases) {
    const bin = Math.min(bins - 1, Math.floor(at / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count, bin) => ({
    seconds: ((bin + 0.5) * width) / 1000,
    rate: (count * 1000) / width,
  }));
}

interface StageTime {
  readonly stage: string;
  readonly median: number;
  readonly high: number;
}

function stageTimes({ cases, stages: whole }: Report): StageTime[] {
  const times = new Map<string, number[]>();
  for (const { stages } of whole ? [{ stages: whole }] : cases) {
    for (const [stage, milliseconds] of Object.entries(stages)) {
      const known = times.get(stage);
      if (known) known.push(milliseconds);
      else times.set(stage, [milliseconds]);
    }
  }
  return [...times].map(([stage, all]) => {
    const sorted = all.sort((a, b) => a - b);
    return { stage, median: quantile(sorted, 0.5), high: quantile(sorted, 0.95) };
  });
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function drawRates(rates: readonly Rate[]): Markup {
  const most = Math.max(...rates.map(({ rate }) => rate));
  return draw(`Cases per second over the run, at most ${most.toFixed(1)}`, {
    height: 220,
    x: { label: 'seconds', nice: true },
    y: { label: null, grid: true, zero: true },
    marks: [
      Plot.areaY(rates, { x: 'seconds', y: 'rate', fill: 'var(--accent)', fillOpacity: 0.25, curve: 'step' }),
      Plot.lineY(rates, { x: 'seconds', y: 'rate', stroke: 'var(--accent)', strokeWidth: 2, curve: 'step' }),
      Plot.ruleY([0]),
    ],
  });
}

function drawStages(stages: readonly StageTime[]): Markup {
  const words = stages.map(({ stage, median }) => `${stage} ${median.toFixed(0)}`).join(', ');
  return draw(`Median milliseconds by stage: ${words}`, {
    height: 40 + 24 * stages.length,
    marginLeft: 118,
    marginRight: 34,
    x: { label: 'ms', grid: true, zero: true },
    y: { label: null, domain: stages.map(({ stage }) => stage) },
    marks: [
      Plot.barX(stages, {
        x: 'median',
        y: 'stage',
        fill: 'var(--accent)',
        fillOpacity: 0.7,
        insetTop: 3,
        insetBottom: 3,
      }),
      Plot.ruleY(stages, { x1: 'median', x2: 'high', y: 'stage', stroke: 'currentColor' }),
      Plot.text(stages, {
        x: 'high',
        y: 'stage',
        text: ({ median }: StageTime) => median.toFixed(median < 10 ? 1 : 0),
        textAnchor: 'start',
        dx: 5,
        fill: 'currentColor',
      }),
    ],
  });
}

/** One picture with one name: what it is made of is nothing to be read out. */
function draw(name: string, options: Plot.PlotOptions): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({
    ...options,
    width: WIDTH,
    style: { fontSize: '12px', background: 'none' },
    document,
  });
  for (const part of svg.querySelectorAll('*')) {
    for (const attribute of ['aria-label', 'aria-hidden', 'aria-description'])
      part.removeAttribute(attribute);
  }
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', name);
  return trusted(svg.outerHTML);
}
