"""The demonstration as data: facts of the Loir-et-Cher committee of 2022, sentences of our own.

The published minutes bear no date, hours, place, secretary nor dates of choice and validation of the
perimeter: those are demonstration values and say so wherever they are read.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta

from accounts.enums import Role
from meetings.enums import BodyCategory


DEMO_PASSWORD = "demo-qualepref"  # noqa: S105 - public on purpose, printed by ``make run``
DEMO_DATE = "Date de démonstration : le document d’origine n’en porte pas."

PREFECTURES = (
    {
        "code": "41",
        "slug": "loir-et-cher",
        "name": "Loir-et-Cher",
        "of_name": "de Loir-et-Cher",
        "brand_block": "Préfet\nde Loir-et-Cher",
        "address": "Place de la République\n41000 Blois",
        "city": "Blois",
        "email": "qualite@loir-et-cher.demo",
    },
    {
        "code": "99",
        "slug": "autre",
        "name": "Autre préfecture (démonstration)",
        "of_name": "d’un autre département",
        "brand_block": "Préfet\nd’un autre département",
        "address": "1, rue de la Démonstration\n99000 Ailleurs",
        "city": "Ailleurs",
        "email": "qualite@autre.demo",
    },
)

# Romorantin-Lanthenay and Vendôme are the other two arrondissements; what they house is demonstration.
SITES = {
    "loir-et-cher": (
        ("Préfecture", "Place de la République\n41000 Blois"),
        ("Sous-préfecture de Romorantin-Lanthenay", ""),
        ("Sous-préfecture de Vendôme", ""),
    ),
    "autre": (),
}
# Name and acronym. The acronyms serve the tables; « ACC », « STD », « BCL », « PN » and « MQ » are ours.
SERVICES = {
    "loir-et-cher": (
        ("Accueil général", "ACC"),
        ("Standard téléphonique", "STD"),
        ("Service des migrations et de l’intégration", "SMI"),
        ("Secrétariat général commun départemental", "SGCD"),
        ("Systèmes d’information et de communication", "SIDSIC"),
        ("Bureau de la communication interministérielle", "BCI"),
        ("Points numériques", "PN"),
        ("Mission qualité", "MQ"),
        ("Bureau du contrôle de légalité et du conseil aux collectivités", "BCL"),
    ),
    "autre": (("Secrétariat général", "SG"), ("Accueil général", "ACC")),
}


@dataclass(frozen=True, slots=True)
class Account:
    """One demo account."""

    email: str
    role: Role
    prefecture: str
    civility: str
    first_name: str
    last_name: str
    job_title: str
    service: str = ""


ACCOUNTS = (
    Account(
        "referente@loir-et-cher.demo",
        Role.QUALITY_REFERENT,
        "loir-et-cher",
        "Mme",
        "Pascale",
        "Silbermann",
        "sous-préfète, référente qualité",
        "Mission qualité",
    ),
    Account(
        "agent@loir-et-cher.demo",
        Role.AGENT,
        "loir-et-cher",
        "Mme",
        "Camille",
        "Durand",
        "secrétaire du comité (compte de démonstration)",
        "Mission qualité",
    ),
    Account(
        "correspondant@loir-et-cher.demo",
        Role.CORRESPONDENT,
        "loir-et-cher",
        "M.",
        "Julien",
        "Moreau",
        "correspondant qualité (compte de démonstration)",
        "Service des migrations et de l’intégration",
    ),
    Account(
        "prefet@loir-et-cher.demo",
        Role.DIRECTION,
        "loir-et-cher",
        "M.",
        "François",
        "Pesneau",
        "préfet de Loir-et-Cher",
    ),
    Account(
        "auditeur@loir-et-cher.demo",
        Role.AUDITOR,
        "loir-et-cher",
        "Mme",
        "Hélène",
        "Fabre",
        "auditrice (compte de démonstration)",
    ),
    Account(
        "referent@autre.demo",
        Role.QUALITY_REFERENT,
        "autre",
        "M.",
        "Marc",
        "Lenoir",
        "référent qualité (compte de démonstration)",
    ),
    Account(
        "national@ministere.demo",
        Role.NATIONAL,
        "",
        "Mme",
        "Nadia",
        "Perrin",
        "chargée de mission qualité au ministère (compte de démonstration)",
    ),
    Account(
        "admin@qualepref.demo",
        Role.ADMIN,
        "",
        "M.",
        "Alain",
        "Texier",
        "administrateur technique (compte de démonstration)",
    ),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the committee, or a guest, as the source names them."""

    civility: str
    first_name: str
    last_name: str
    function: str
    order: int
    is_present: bool = False


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """A body of the committee. ``absent_note``: the source lists it among the absent as well."""

    name: str
    category: BodyCategory
    people: tuple[Person, ...] = ()
    seats: int = 1
    names_absentees: bool = False
    absent_note: str = ""


BOTH = "portée absente dans le document d’origine, qui compte aussi son représentant parmi les présents"
BODIES = (
    BodyFacts(
        "Préfecture de Loir-et-Cher",
        BodyCategory.STATE,
        (
            Person("M.", "François", "Pesneau", "préfet de Loir-et-Cher", 1, True),
            Person("M.", "Nicolas", "Hauptmann", "secrétaire général", 2, True),
            Person("M.", "Hervé", "Guestault", "directeur du SGCD", 4, True),
            Person("Mme", "Pascale", "Silbermann", "sous-préfète, référente qualité", 5, True),
        ),
        seats=4,
    ),
    BodyFacts(
        "Députés",
        BodyCategory.PARLIAMENT,
        (
            Person("M.", "Christophe", "Marion", "député", 6, True),
            Person("M.", "Marc", "Fesneau", "", 20),
            Person("M.", "Roger", "Chudeau", "", 21),
        ),
        seats=3,
        names_absentees=True,
    ),
    BodyFacts("Conseil départemental 41", BodyCategory.ELECTED),
    BodyFacts("APF France Handicap 41", BodyCategory.ASSOCIATION),
    BodyFacts("Association de prévention routière du 41", BodyCategory.ASSOCIATION),
    BodyFacts("Association des maires de France du 41", BodyCategory.ELECTED),
    BodyFacts(
        "Association des maires ruraux du 41",
        BodyCategory.ELECTED,
        (Person("M.", "Thierry", "Benoist", "président AMRF 41", 9, True),),
        absent_note=BOTH,
    ),
    BodyFacts("Conseil national des professionnels de l’automobile 41", BodyCategory.CHAMBER),
    BodyFacts(
        "Chambre de commerce et d’industrie du 41",
        BodyCategory.CHAMBER,
        (Person("", "", "", "trésorière", 7, True),),
        absent_note=BOTH,
    ),
    BodyFacts("Chambre des métiers et de l’artisanat du 41", BodyCategory.CHAMBER),
    BodyFacts(
        "Comité départemental de la protection de la nature et de l’environnement 41",
        BodyCategory.ASSOCIATION,
    ),
    BodyFacts(
        "Délégué du défenseur des droits",
        BodyCategory.AUTHORITY,
        (Person("M.", "", "Blot", "défenseur des droits", 8, True),),
        absent_note=BOTH.replace("portée absente", "porté absent"),
    ),
    BodyFacts("EMMAÜS 41", BodyCategory.ASSOCIATION),
    BodyFacts("UFC Que Choisir 41", BodyCategory.ASSOCIATION),
    BodyFacts("Union départementale des associations familiales du 41", BodyCategory.ASSOCIATION),
    BodyFacts("Unité départementale de la Croix-Rouge du 41", BodyCategory.ASSOCIATION),
)
GUESTS = (Person("M.", "Pierre-Louis", "Sire", "stagiaire de l’ENA", 3, True),)

COMMITTEE = {
    "slug": "clu-loir-et-cher",
    "name": "Comité local des usagers de Loir-et-Cher",
    "legal_basis": "Arrêté préfectoral instituant le comité : référence à confirmer.",
    "default_place": "Préfecture de Loir-et-Cher, place de la République, Blois",
    "service_line": "Mission qualité",
}
MEETING = {
    "slug": "clu-loir-et-cher-2022",
    "title": "Comité local des usagers 2022",
    "held_on": date(2022, 7, 5),
    "date_note": "Date, heures, lieu et secrétariat de démonstration : le document d’origine "
    "n’en porte pas.",
    "starts_at": time(10, 0),
    "ends_at": time(11, 30),
    "place": "Préfecture de Loir-et-Cher, Blois",
    "convened_on": date(2022, 6, 14),
}

COPIL_IN = timedelta(days=21)
COPIL_AGENDA = (
    "Point d’étape de la démarche",
    "Suites données au comité local des usagers",
    "Préparation des audits",
)


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """A line of the agenda and what the minutes say of it (empty: the source says nothing)."""

    title: str
    text: str = ""
    children: tuple["ItemFacts", ...] = ()
    expects_opinion: bool = False
    section: str = ""


OPENING = (
    "Le préfet ouvre la séance et présente l’ordre du jour. Il précise que la préfecture a repris la "
    "démarche de qualification commencée avant que n’éclate la crise du covid-19, en 2020.\n\n"
    "Cette démarche tient à un souci constant : rendre aux usagers le service le plus performant, "
    "alors que la législation évolue beaucoup et que les procédures sont de plus en plus "
    "dématérialisées."
)
CLOSING = (
    "Aucune autre question n’étant posée, le préfet remercie les participants de leur présence et "
    "lève la séance."
)
AGENDA = (
    ItemFacts(
        "Présentation de la démarche Qual-e-Pref",
        children=(
            ItemFacts(
                "Les 8 modules métiers",
                "Le référentiel Qual-e-Pref est bâti sur huit modules. Le premier s’impose à toutes "
                "les préfectures ; chacune choisit parmi les autres ceux qui répondent le mieux à "
                "ses missions.",
            ),
            ItemFacts(
                "Le module n° 1 « Relation générale à l’usager »",
                "Obligatoire, il porte sur la relation de la préfecture avec l’ensemble de ses "
                "usagers.",
            ),
            ItemFacts(
                "Le module n° 4 « Relations avec les collectivités territoriales »",
                "Choisi par le préfet, il porte sur la relation de la préfecture avec les élus et "
                "les services des collectivités.",
            ),
            ItemFacts(
                "Le périmètre de labellisation retenu et les dates d’audit",
                "En Loir-et-Cher, le label est demandé pour deux modules : le **module n° 1** "
                "« Relation générale à l’usager », qui est obligatoire, et le **module n° 4** "
                "« Relations avec les collectivités territoriales », que le préfet a choisi. Le "
                "ministère de l’Intérieur a validé ce choix.\n\n"
                "Deux audits précèdent la labellisation : un audit interne, le **13 juillet 2022**, "
                "puis un audit conduit par la société **SOCOTEC**, le **28 juillet 2022**, qui "
                "décidera de la labellisation.",
                section="perimetre",
            ),
            ItemFacts(
                "Les nouveautés de Qual-e-Pref par rapport à QUALIPREF 2.0",
                "Pourquoi une nouvelle démarche ? Parce que les téléprocédures se sont multipliées "
                "depuis plusieurs années, en particulier celles que pilote l’ANTS pour les cartes "
                "nationales d’identité et les passeports, les permis de conduire et les cartes "
                "grises.\n\n"
                "Un serveur vocal interactif national, le **34\u00a000**, a aussi été mis en place : il "
                "renseigne sur les procédures liées aux titres, hors titres des étrangers. Il faut "
                "le faire connaître pour aider les usagers.",
            ),
            ItemFacts(
                "Correspondants qualité et groupes de travail (point ajouté en séance)",
                "Des correspondants qualité ont été nommés et des groupes de travail formés par "
                "thème. Chacun s’est réuni au moins une fois : le travail à mener lui a été "
                "présenté, avec la liste des livrables attendus :\n\n"
                "- un auto-diagnostic ;\n"
                "- des fiches de procédure ;\n"
                "- la création d’outils de suivi.",
            ),
        ),
    ),
    ItemFacts(
        "Résultats des exigences qualité",
        children=(
            ItemFacts(
                "Les indicateurs qualité",
                "Les résultats se mesurent au moyen d’indicateurs nationaux, les mêmes pour toutes "
                "les préfectures. Ils font ressortir les points forts et les points faibles et "
                "ouvrent des pistes d’amélioration. Les indicateurs de la préfecture de "
                "Loir-et-Cher sont présentés, ainsi que les réponses apportées aux points "
                "faibles.\n\n"
                "Il est précisé que le délai de délivrance des passeports et des cartes nationales "
                "d’identité, exprimé en jours, est compté à partir du jour du rendez-vous en "
                "mairie.",
            ),
            ItemFacts(
                "Les enquêtes mystère et l’enquête de satisfaction",
                "L’enquête de satisfaction, menée **du 18 novembre au 16 décembre 2021**, a permis "
                "de faire le point sur le ressenti des usagers dans les services concernés par la "
                "démarche Qual-e-Pref. Beaucoup de points sont positifs, d’autres sont à "
                "améliorer : c’est le cas des délais d’obtention d’un rendez-vous pour les "
                "étrangers, dont **52 %** des usagers sont satisfaits.\n\n"
                "Un plan d’actions a donc été engagé pour réduire ces délais, jugés longs. "
                "L’adjointe au chef du bureau des étrangers a été recrutée, ainsi qu’une cheffe de "
                "section, alors même que la pandémie de covid-19 touche de nouveau fortement le "
                "personnel du SMI. Des plages de rendez-vous en ligne ont été ajoutées. Ces mesures "
                "ont contribué à améliorer ce point ; leur effet pourra être mesuré lors de la "
                "prochaine enquête de satisfaction.",
            ),
            ItemFacts("Les réclamations et les suggestions"),
        ),
    ),
    ItemFacts("Présentation des courriels types pour avis", expects_opinion=True),
    ItemFacts(
        "Communication du plan d’actions et information sur l’amélioration des services existants "
        "de la préfecture",
        "Les points les plus intéressants du plan d’actions sont présentés. Ils n’appellent pas de "
        "remarque particulière.",
    ),
    ItemFacts(
        "Questions / réponses",
        "Deux questions sont posées par les participants.",
    ),
)


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question of the source. ``member`` is a surname of the composition, else ``name`` is free."""

    member: str
    name: str
    text: str
    answer: str


QUESTIONS = (
    QuestionFacts(
        "",
        "Mme Claudine MARTINS DE SOUSA",
        "Comment les agents de la préfecture ont-ils accueilli la démarche Qual-e-Pref ?",
        "Ce n’est pas la première labellisation que mettent en œuvre les préfectures. Les "
        "fonctionnaires considèrent qu’elle met en valeur leurs savoir-faire et leur permet de "
        "progresser.",
    ),
    QuestionFacts(
        "Blot",
        "",
        "Comment connaît-on le nombre de connexions au site internet de la préfecture ?",
        "Ces données proviennent d’un outil de gestion appelé PILOTE.",
    ),
)


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """The démarche of the demo."""

    name: str
    referential: str
    started_on: date
    context: str
    modules: tuple[int, ...]
    chosen_on: date
    validated_on: date
    internal_audit_on: date
    certification_audit_on: date
    certification_body: str


CYCLE = CycleFacts(
    name="Qual-e-Pref 2022",
    referential="qual-e-pref-2019",
    started_on=date(2021, 9, 1),
    context="La préfecture reprend la démarche de qualification commencée avant la crise du covid-19 "
    "de 2020. Le référentiel a changé : les téléprocédures se sont multipliées, notamment celles que "
    "pilote l’ANTS, et un serveur vocal interactif national renseigne sur les titres.",
    modules=(1, 4),
    chosen_on=date(2022, 1, 17),
    validated_on=date(2022, 2, 14),
    internal_audit_on=date(2022, 7, 13),
    certification_audit_on=date(2022, 7, 28),
    certification_body="SOCOTEC",
)
