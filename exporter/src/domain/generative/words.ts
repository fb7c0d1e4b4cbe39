/** Words of a text, and which of them tell its subject. */

/** Chinese and Japanese are written without spaces: each of their characters counts as a word. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu;
/** Of a longer text only so much is looked at: a hundred pages. */
const MOST_CHARACTERS = 100_000;

/** In lower case, in their order. */
export function wordsOf(text: string): readonly string[] {
  const start = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
  return start.toLowerCase().normalize('NFC').match(WORD) ?? [];
}

/** Characters as people count them, not as JavaScript stores them. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    // The second half of a character beyond the first 65,536.
    if ((text.charCodeAt(index) & 0xfc00) === 0xdc00) length -= 1;
  }
  return length;
}

/** The bin of texts with none of the keywords. */
export const NO_KEYWORD = '(none)';

/**
 * Of the keywords the one that stands in a text most often; of several the first. One for each text, so that the shares
 * of all keywords add up to 1, as those of the bins of any feature do.
 */
export function keywordOf(words: readonly string[], keywords: ReadonlySet<string>): string {
  let found: string | undefined;
  let most = 0;
  const counts = new Map<string, number>();
  for (const word of words) {
    if (!keywords.has(word)) continue;
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    // Of equals the first stays.
    if (found === undefined) [found, most] = [word, count];
    else if (count > most) [found, most] = [word, count];
  }
  if (found === undefined) return NO_KEYWORD;
  for (const [word, count] of counts) if (count === most) return word;
  return found;
}

const LEAST_LETTERS = 4;
const LETTERS = /^\p{L}[\p{L}\p{M}'’-]*$/u;
/** Words that stand in texts of any subject, of the languages that are asked most; shorter ones are no keywords anyway. */
const COMMON_WORDS = new Set(
  [
    "about above after again also although always among another because been before being below between both cannot could does doing done down during each either else even ever every from further give given good have having here hello help into just know like made make many maybe more most much must need never once only other over please quite really same shall should since some still such sure take tell than thank thanks that their them then there these they this those through under until upon very want well were what when where which while will with within without would write your yours yourself i'm i've i'd i'll it's don't can't won't isn't doesn't that's what's you're there's let's",
    'aber alle allem allen aller alles auch beim bitte danke dann dass dein deine dem denn diese diesem diesen dieser dieses doch durch eine einem einen einer eines euch etwas ganz gibt habe haben hallo hatte hier hilfe ihnen ihre ihrem ihren ihrer immer jede jeder jetzt kann kannst keine keinen können machen mehr mein meine meinem meinen meiner mich muss nach nicht noch oder ohne schon sehr sein seine sich sie sind sollte über unter viel vielleicht vom wann warum weil welche wenn werde werden wieder wird wurde würde zum zur zwischen',
    'alors aussi autre avant avec avoir bien bonjour cela ces cette chez comme comment dans depuis donc elle elles encore entre être faire fait faut leur leurs mais même merci moins notre nous parce peut peux plus pour pourquoi quand quel quelle sans sera seront sont sous suis sur tous tout toute très vers voir vos votre vous',
    'algo antes aunque bien cada como cómo cual cuando cuál desde donde dónde ella ellos entre esta está están estas este esto estos favor fue gracias hacer hasta hola más menos mismo muy nada otra otro para pero poder por porque puede puedo qué quiero según sería sido siempre sino sobre solo también tiene todo todos una unos usted ustedes',
    'alla anche ancora avere bene che chi ciao come cosa così cui dalla dalle degli dei della delle dello dopo dove essere fare grazie hanno loro molto nella nelle nostro ogni oppure perché però più posso può quale quando quanto quella quello questa questo senza sono sono sotto stato suoi tutti tutto una vorrei',
    'ainda além antes aqui assim cada com como depois dessa desse deve ela eles entre esse essa esta está este fazer foram isso isto mais mas mesmo muito não nós obrigado onde para pela pelo pode porque posso qual quando quem quero sem ser seu sua também tem todo todos uma você',
    'alle alles altijd deze door een geen graag hebben heeft hier hoe jouw kunnen maar meer mijn moet naar niet nog omdat onze over veel voor waar waarom wanneer want wordt worden zijn zonder zou jest które jak czy dla nie oraz przez się tylko może mogę proszę dziękuję',
  ].flatMap((words) => words.split(' '))
);

/** Whether a word may tell the subject of a text. Numbers never do: they are orders, dates and accounts. */
export function isTelling(word: string): boolean {
  return word.length >= LEAST_LETTERS && LETTERS.test(word) && !COMMON_WORDS.has(word);
}
