/** The page of the recipes, from the recipes themselves. */

export interface RecipeFile {
  readonly name: string
  readonly text: string
}

const opening = `# Recipes

Rules that are ready to copy. Each stands in \`src/rules/recipes\` and is tried from a provider's raw delivery to the records in Clio. This page is made by \`npm run docs\`.

- Put the endpoint and the rules into your configuration, and change what is yours: people (\`sam@smith.example\`), practice areas, the names of endpoints.
- All calendars make the same events: a recipe for \`calendly\` serves \`calcom\`, \`acuity\`, \`google-calendar\` and \`microsoft-graph\` as well, by another \`source\`.
- Several recipes go together: their rules stand one behind the other, and each keeps its own links.
`

/** A recipe begins with comments that say what it does. */
export function recipesPage(recipes: readonly RecipeFile[]): string {
  const sections = recipes.map(({ name, text }) => {
    const lines = text.trimEnd().split('\n')
    const at = lines.findIndex(line => !line.startsWith('//'))
    const about = lines.slice(0, at).map(line => line.slice(2).trim())
    return `## ${name}\n\n${about.join(' ')}\n\n\`\`\`jsonc\n${lines.slice(at).join('\n')}\n\`\`\`\n`
  })
  return [opening, ...sections].join('\n')
}
