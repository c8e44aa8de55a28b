import type { Figure } from './measure.ts';

export type Row = {
  what: string;
  /** In `unit`; a figure has a spread. */
  value: number | Figure;
  unit: string;
  ratio?: Figure | number;
  /** What the ratio is to. */
  to?: string;
  note?: string;
};
export type Group = { name: string; rows: Row[] };

/** One line a figure: what, how much, how many times as much as what. */
export function table(groups: Group[]): string {
  return groups
    .map(({ name, rows }) => {
      const cells = rows.map((row) => [
        row.what,
        `${show(row.value)} ${row.unit}`,
        row.ratio === undefined ? '' : `${showRatio(row.ratio)} × ${row.to ?? ''}`,
        row.note ?? '',
      ]);
      const widths = [0, 1, 2].map((column) =>
        Math.max(...cells.map((line) => line[column]!.length)),
      );
      const lines = cells.map((line) =>
        line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      );
      return `${name}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
    })
    .join('\n');
}

const show = (value: number | Figure) => number(typeof value === 'number' ? value : value.median);

function showRatio(ratio: number | Figure): string {
  if (typeof ratio === 'number') return ratio.toFixed(2);
  const { median, low, high } = ratio;
  return `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
