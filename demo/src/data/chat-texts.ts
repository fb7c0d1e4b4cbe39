/** What customers of a made-up shop ask its assistant, and what that answers: sentences by subject and language. */

export type ChatLanguage = 'en' | 'de' | 'fr' | 'es';

interface Phrases {
  readonly greetings: readonly string[];
  /** By subject. */
  readonly questions: Readonly<Record<string, readonly string[]>>;
  /** What people add. */
  readonly details: readonly string[];
  readonly answers: Readonly<Record<string, readonly string[]>>;
  /** What the assistant adds. */
  readonly hints: readonly string[];
  readonly refusals: readonly string[];
}

export const CHAT_TEXTS: Readonly<Record<ChatLanguage, Phrases>> = {
  en: {
    greetings: ['Hello, ', 'Hi there. ', 'Good morning, ', '', '', ''],
    questions: {
      parcel: [
        'where is my parcel?',
        'my parcel has not arrived yet.',
        'the tracking of my parcel has not moved for days.',
      ],
      invoice: [
        'can you send me the invoice again?',
        'the invoice has the wrong address.',
        'I need an invoice for my company.',
      ],
      refund: ['when do I get my refund?', 'I would like a refund for the jacket.', 'the refund is not on my account.'],
      password: ['I cannot log in, the password is wrong.', 'how do I change my password?'],
      voucher: ['the voucher does not work at checkout.', 'can I use two voucher codes at once?'],
    },
    details: [
      'I ordered it last week and paid by card.',
      'The confirmation said that it would take two days.',
      'I have asked twice before and nobody answered.',
      'It is a present and has to be here by Friday.',
      'The app shows an error since yesterday evening.',
    ],
    answers: {
      parcel: ['Your parcel left our warehouse and should be with you within two days.'],
      invoice: ['The invoice is in your account under Orders; there you can correct the address, too.'],
      refund: ['The refund is on its way and takes three to five working days.'],
      password: ['Choose "Forgotten password" on the login page, and we send you a link.'],
      voucher: ['A voucher is valid for one order, from twenty euros on.'],
    },
    hints: [
      'If that does not help, write to us again and we look into it.',
      'You find all of this in the help pages, too.',
      'Is there anything else that I can do for you?',
    ],
    refusals: ["I'm sorry, but I can't help with that.", "I'm unable to answer questions about this account."],
  },
  de: {
    greetings: ['Hallo, ', 'Guten Tag, ', '', ''],
    questions: {
      parcel: ['wo bleibt mein Paket?', 'mein Paket ist immer noch nicht angekommen.'],
      invoice: ['ich brauche die Rechnung noch einmal.', 'auf der Rechnung steht die falsche Adresse.'],
      refund: ['wann bekomme ich die Erstattung?', 'ich möchte die Jacke zurückgeben.'],
      password: ['ich kann mich nicht mehr anmelden.', 'wie ändere ich mein Passwort?'],
      voucher: ['der Gutschein wird an der Kasse nicht angenommen.'],
    },
    details: [
      'Bestellt habe ich letzte Woche und gleich bezahlt.',
      'In der Bestätigung stand etwas von zwei Tagen.',
      'Es soll ein Geschenk sein und muss am Freitag da sein.',
    ],
    answers: {
      parcel: ['Ihr Paket hat unser Lager verlassen und kommt in den nächsten zwei Tagen an.'],
      invoice: ['Die Rechnung finden Sie in Ihrem Konto unter Bestellungen.'],
      refund: ['Die Erstattung ist unterwegs und dauert drei bis fünf Werktage.'],
      password: ['Wählen Sie auf der Anmeldeseite "Passwort vergessen".'],
      voucher: ['Ein Gutschein gilt für eine Bestellung ab zwanzig Euro.'],
    },
    hints: ['Wenn das nicht hilft, schreiben Sie uns bitte noch einmal.', 'Kann ich sonst noch etwas für Sie tun?'],
    refusals: ['Es tut mir leid, aber ich kann Ihnen dabei nicht helfen.'],
  },
  fr: {
    greetings: ['Bonjour, ', ''],
    questions: {
      parcel: ['où est mon colis ?', "mon colis n'est toujours pas arrivé."],
      invoice: ["pouvez-vous m'envoyer la facture ?"],
      refund: ['quand est-ce que je serai remboursé ?'],
      password: ['je ne peux plus me connecter à mon compte.'],
      voucher: ["le bon d'achat ne fonctionne pas."],
    },
    details: ["J'ai commandé la semaine dernière.", "C'est un cadeau et il doit arriver avant vendredi."],
    answers: {
      parcel: ['Votre colis a quitté notre entrepôt et arrive dans les deux jours.'],
      invoice: ['Vous trouverez la facture dans votre compte, sous Commandes.'],
      refund: ['Le remboursement est en route et prend trois à cinq jours.'],
      password: ['Choisissez « Mot de passe oublié » sur la page de connexion.'],
      voucher: ["Un bon d'achat est valable pour une seule commande."],
    },
    hints: ['Puis-je faire autre chose pour vous ?'],
    refusals: ['Je suis désolé, mais je ne peux pas vous aider.'],
  },
  es: {
    greetings: ['Hola, ', 'Buenos días, ', ''],
    questions: {
      parcel: ['¿dónde está mi paquete?', 'mi paquete todavía no ha llegado.'],
      invoice: ['¿me pueden enviar la factura otra vez?'],
      refund: ['¿cuándo me devuelven el dinero?'],
      password: ['no puedo entrar en mi cuenta.'],
      voucher: ['el cupón de la campaña no funciona.', '¿puedo usar dos cupones de la campaña?'],
    },
    details: [
      'Lo pedí la semana pasada y pagué con tarjeta.',
      'Es un regalo y tiene que llegar antes del viernes.',
      'He visto el anuncio de la campaña en la televisión y quiero aprovechar el descuento con toda mi familia.',
    ],
    answers: {
      parcel: ['Su paquete ha salido de nuestro almacén y llega en dos días.'],
      invoice: ['La factura está en su cuenta, en Pedidos.'],
      refund: ['La devolución está en camino y tarda de tres a cinco días.'],
      password: ['Elija «He olvidado mi contraseña» en la página de acceso.'],
      voucher: ['Un cupón vale para un solo pedido a partir de veinte euros.'],
    },
    hints: ['¿Puedo ayudarle en algo más?'],
    refusals: ['Lo siento, pero no puedo ayudar con eso.'],
  },
};
