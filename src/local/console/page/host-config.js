const colours = (text, subtle) => {
  const one = (name) => ({ default: name, subtle: name });
  return { default: { default: text, subtle }, dark: { default: text, subtle }, light: { default: text, subtle }, accent: one('var(--brand-text)'), good: one('var(--good)'), warning: one('var(--warning)'), attention: one('var(--danger)') };
};
const ground = (backgroundColor) => ({ backgroundColor, foregroundColors: colours('var(--text)', 'var(--text-2)') });

/** Teams' measures. The colours are names from theme.css, so that a card follows the theme, high contrast included, without being drawn again. */
export const hostConfig = new AdaptiveCards.HostConfig({
  fontFamily: 'var(--font)',
  fontTypes: {
    default: { fontFamily: 'var(--font)', fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 }, fontWeights: { lighter: 300, default: 400, bolder: 600 } },
    monospace: { fontFamily: 'Consolas, monospace', fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 }, fontWeights: { lighter: 300, default: 400, bolder: 600 } },
  },
  lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
  spacing: { small: 6, default: 10, medium: 14, large: 18, extraLarge: 24, padding: 14 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  containerStyles: {
    default: ground('transparent'), emphasis: ground('var(--emphasis-soft)'), accent: ground('var(--accent-soft)'),
    good: ground('var(--good-soft)'), warning: ground('var(--warning-soft)'), attention: ground('var(--danger-soft)'),
  },
  actions: { maxActions: 6, spacing: 'default', buttonSpacing: 8, actionsOrientation: 'horizontal', actionAlignment: 'left', preExpandSingleShowCardAction: false, showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' } },
  inputs: { label: { inputSpacing: 'small', requiredInputs: { weight: 'bolder', color: 'default', size: 'default' }, optionalInputs: { weight: 'bolder', color: 'default', size: 'default' } }, errorMessage: { color: 'attention', size: 'small', weight: 'default', spacing: 'small' } },
  factSet: { title: { weight: 'bolder', wrap: true, maxWidth: 130 }, value: { wrap: true }, spacing: 12 },
  textStyles: { heading: { size: 'large', weight: 'bolder' }, columnHeader: { weight: 'bolder' } },
  textBlock: { headingLevel: 3 },
  imageSizes: { small: 32, medium: 52, large: 100 },
  imageSet: { imageSize: 'medium', maxImageHeight: 100 },
  adaptiveCard: { allowCustomStyle: false },
  media: { allowInlinePlayback: false },
});
