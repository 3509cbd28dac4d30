/**
 * Colours and text of the plots. Series have one colour each, told apart on white and on black and by the colour-blind;
 * text and lines take the page's: ECharts is given stand-ins, which are replaced in the SVG by the page's variables.
 */
import { type EChartsOption, init } from 'echarts';

export const ink = '#010203';
export const faint = '#020304';
export const rule = '#030405';
const variables: Record<string, string> = {
  [ink]: 'var(--ink)',
  [faint]: 'var(--faint)',
  [rule]: 'var(--rule)',
};

export const colours = {
  forkmap: '#e8762c',
  node: '#3f8fd2',
  serial: '#8b919a',
  other: '#4aa564',
  violet: '#a06cc8',
  red: '#d9534f',
};
/** For what is ordered, such as sizes: pale to strong, all visible on white and on black. */
export const steps = ['#7fb8e6', '#3f8fd2', '#2667a8'];
export const warmSteps = ['#f4b183', '#e8762c', '#b8530f'];
export const series = [colours.forkmap, colours.node, colours.other, colours.violet, colours.serial];

export const axisText = { axisLabel: { color: ink }, nameTextStyle: { color: faint } };
export const axisLines = {
  axisLine: { lineStyle: { color: rule } },
  axisTick: { lineStyle: { color: rule } },
  splitLine: { lineStyle: { color: rule } },
};
/** WHY the gap: without a browser the width of text is guessed, and guessed too small. */
export const legendText = {
  ...{ textStyle: { color: ink }, icon: 'roundRect', itemWidth: 14, itemHeight: 8, itemGap: 28 },
};

export interface Plot {
  title: string;
  width: number;
  height: number;
  option: EChartsOption;
}

/** Gives the SVG text of a plot: no script, no fixed size, read out by its title. */
export function drawSvg({ title, width, height, option }: Plot): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'system-ui, sans-serif', fontSize: 12, color: ink },
    title: { text: title, left: 8, top: 4, textStyle: { color: ink, fontSize: 13, fontWeight: 600 } },
    ...option,
  });
  let svg = chart.renderToSVGString();
  chart.dispose();
  for (const [standIn, variable] of Object.entries(variables)) svg = svg.replaceAll(standIn, variable);
  return svg.replace(
    /^<svg width="\d+" height="\d+"/,
    `<svg role="img" aria-label="${title.replaceAll('"', '')}"`,
  );
}
