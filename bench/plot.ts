import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Table } from './table.ts';

/** A table's series as an SVG: lines over logarithmic axes; undefined where it has none. */
export function plotOf({ title, series }: Table): string | undefined {
  if (!series) return undefined;
  const { document } = parseHTML('<html></html>');
  const points = series.all.flatMap(({ name, points: all }) => all.map((point) => ({ ...point, name })));
  const figure = Plot.plot({
    document,
    width: 760,
    height: 440,
    marginLeft: 60,
    marginRight: 170,
    title,
    style: { background: 'white', color: 'black', fontFamily: 'sans-serif', fontSize: '12px' },
    x: { type: 'log', label: series.x, tickFormat: ',', ticks: [...new Set(points.map(({ x }) => x))] },
    y: { type: 'log', label: series.y, grid: true, tickFormat: ',' },
    color: { scheme: 'dark2' },
    marks: [
      Plot.line(points, { x: 'x', y: 'y', stroke: 'name' }),
      Plot.dot(points, { x: 'x', y: 'y', fill: 'name' }),
      Plot.text(
        points,
        Plot.selectLast({
          x: 'x',
          y: 'y',
          z: 'name',
          text: 'name',
          fill: 'name',
          textAnchor: 'start',
          dx: 8,
        }),
      ),
    ],
  });
  const svg = figure.querySelector('svg') ?? figure;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML}\n`;
}
