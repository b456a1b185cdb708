/** First names that people use for one another, a group a line. Data: add a line, or a name to one. */
const groups = `
abigail abby gail
albert al bert
alexander alex alec sandy sasha
alexandra alex sandra sandy sasha
alfred alf fred
andrew andy drew
anthony tony
barbara barb babs
benjamin ben benny
bernard bernie
beverly bev
catherine katherine kathryn cathy kathy kate katie cate kit
charles charlie chuck chas
christina christine chris tina chrissy
christopher chris kit topher
cynthia cindy
daniel dan danny
david dave
deborah debra deb debbie
donald don donny
dorothy dot dottie dolly
douglas doug
edward ed eddie ted ned
eleanor ellie nell nora
elizabeth liz lizzie beth betty betsy eliza lisa
eugene gene
francis frank
franklin frank
frederick fred freddie
gabriel gabe
gerald gerry jerry
gregory greg
harold harry hal
henry hank harry
jacob jake
jacqueline jackie
james jim jimmy jamie
jeffrey geoffrey jeff geoff
jennifer jen jenny
jessica jess jessie
jonathan jon jonny
john jack johnny jon
joseph joe joey
joshua josh
judith judy
kenneth ken kenny
kimberly kim
lawrence larry
leonard len lenny leo
leslie les
louis lou louie
margaret maggie meg peggy marge rita greta
maria mary marie
martin marty
matthew matt
michael mike mick mickey
mitchell mitch
mohammed mohammad muhammad mohamed muhammed
nancy nan
nathaniel nathan nate nat
nicholas nick nicky
patricia pat patty tricia trish
patrick pat paddy
peter pete
philip phillip phil
raymond ray
rebecca becky becca
richard rick ricky dick rich
robert bob bobby rob robbie bert
ronald ron ronnie
samantha sam
samuel sam sammy
stephanie steph
stephen steven steve
susan sue susie suzanne
teresa theresa terry tess
theodore ted teddy theo
thomas tom tommy
timothy tim
victoria vicky tori
vincent vince vinny
virginia ginny
walter walt wally
william will bill billy liam
zachary zach zack
`

const lines = groups
  .trim()
  .split('\n')
  .map(line => line.split(' '))

const groupsOf = new Map<string, number[]>()
for (const [index, names] of lines.entries()) {
  for (const name of names) groupsOf.set(name, [...(groupsOf.get(name) ?? []), index])
}

/** May one of the first names stand for the other? Small letters, without accents. */
export function nicknames(a: string, b: string): boolean {
  const other = groupsOf.get(b)
  return other !== undefined && (groupsOf.get(a)?.some(group => other.includes(group)) ?? false)
}

/** Every other first name that one may stand for, or that stands for it. */
export function namesFor(name: string): string[] {
  const names = new Set(groupsOf.get(name)?.flatMap(group => lines[group]!))
  names.delete(name)
  return [...names]
}
