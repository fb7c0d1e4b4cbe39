/** What the scripts tell the person who started them. */
export const step = (text) => console.log(`\n▸ ${text}`);
export const note = (text) => console.log(`  ${text}`);

/** Ends the script with words that say what to do; no stack, since nothing in our code is wrong. */
export function giveUp(text) {
  console.error(`\n✗ ${text.split('\n').join('\n  ')}`);
  process.exit(1);
}

/** Aligned columns, the first row underlined. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    '  ' +
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('   ')
      .trimEnd();
  return [line(rows[0]), '  ' + widths.map((width) => '─'.repeat(width)).join('───'), ...rows.slice(1).map(line)].join(
    '\n'
  );
}
