import { Presets, SingleBar } from 'cli-progress';
import type { Outcome } from '../fuzz/outcome.ts';

/** Where progress is shown: a terminal gets a bar, anything else a line a minute. */
export interface ProgressPlace {
  readonly terminal: boolean;
  /** Undefined for a run by time. */
  readonly cases: number | undefined;
  readonly minutes: number | undefined;
  readonly say: (line: string) => void;
}

/** Progress of a run. Disposing of it clears the bar. */
export class Progress implements Disposable {
  private readonly started = performance.now();
  private readonly counts = new Map<Outcome['verdict'], number>();
  private done = 0;
  private readonly bar: SingleBar | undefined;
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly place: ProgressPlace;

  constructor(place: ProgressPlace) {
    this.place = place;
    if (place.terminal) {
      this.bar = new SingleBar(
        {
          format: '{bar} {done} {rate} cases/s  {verdicts}  {left}',
          clearOnComplete: true,
          hideCursor: true,
          barsize: 20,
        },
        Presets.shades_classic,
      );
      this.bar.start(1000, 0, this.payload());
    } else {
      this.timer = setInterval(() => place.say(this.line()), 60_000).unref();
    }
  }

  add({ verdict }: Outcome): void {
    this.done++;
    this.counts.set(verdict, (this.counts.get(verdict) ?? 0) + 1);
    this.bar?.update(Math.round(this.fraction() * 1000), this.payload());
  }

  /** A canary is no case of its own verdict. */
  addCanary(): void {
    this.done++;
    this.bar?.update(Math.round(this.fraction() * 1000), this.payload());
  }

  /** A line that must not be overwritten by the bar. */
  above(print: () => void): void {
    this.bar?.stop();
    print();
    this.bar?.start(1000, Math.round(this.fraction() * 1000), this.payload());
  }

  [Symbol.dispose](): void {
    this.bar?.stop();
    clearInterval(this.timer);
  }

  private fraction(): number {
    const { cases, minutes } = this.place;
    if (minutes !== undefined) return Math.min(1, this.seconds() / (minutes * 60));
    return cases ? Math.min(1, this.done / cases) : 0;
  }

  private seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  private payload(): Record<string, string> {
    const of = this.place.cases === undefined ? '' : `/${this.place.cases}`;
    return {
      done: `${this.done}${of}`,
      rate: (this.done / Math.max(this.seconds(), 0.001)).toFixed(1),
      verdicts: this.verdicts(),
      left: this.left(),
    };
  }

  private verdicts(): string {
    return [...this.counts].map(([verdict, count]) => `${verdict} ${count}`).join(' ');
  }

  private left(): string {
    const fraction = this.fraction();
    if (fraction === 0) return '';
    const seconds = Math.round((this.seconds() * (1 - fraction)) / fraction);
    return seconds >= 120 ? `${Math.round(seconds / 60)} min left` : `${seconds} s left`;
  }

  private line(): string {
    const { done, rate, verdicts, left } = this.payload();
    return `${done} cases, ${rate} cases/s: ${verdicts}; ${left}`;
  }
}
