"""Countries by ISO 3166-1 and their regions by ISO 3166-2, with their French names: where a project acts, who is where.

Guadeloupe, Martinique, Guyane, La Réunion and Mayotte are departments of France here, not countries. Kosovo has the
user-assigned code XK, which one of the open data formats refuses: `PUBLISHABLE` leaves it out.
"""

import re

from grants.domain.reasons import Unreadable

_LONGEST_CODE = 12

_COUNTRIES = """
AD Andorre; AE Émirats arabes unis; AF Afghanistan; AG Antigua-et-Barbuda; AI Anguilla; AL Albanie; AM Arménie; AO
Angola; AQ Antarctique; AR Argentine; AS Samoa américaines; AT Autriche; AU Australie; AW Aruba; AX Îles Åland; AZ
Azerbaïdjan; BA Bosnie-Herzégovine; BB Barbade; BD Bangladesh; BE Belgique; BF Burkina Faso; BG Bulgarie; BH Bahreïn;
BI Burundi; BJ Bénin; BL Saint-Barthélemy; BM Bermudes; BN Brunei; BO Bolivie; BQ Pays-Bas caribéens; BR Brésil; BS
Bahamas; BT Bhoutan; BV Île Bouvet; BW Botswana; BY Biélorussie; BZ Belize; CA Canada; CC Îles Cocos; CD
Congo-Kinshasa; CF République centrafricaine; CG Congo-Brazzaville; CH Suisse; CI Côte d’Ivoire; CK Îles Cook; CL
Chili; CM Cameroun; CN Chine; CO Colombie; CR Costa Rica; CU Cuba; CV Cap-Vert; CW Curaçao; CX Île Christmas; CY
Chypre; CZ Tchéquie; DE Allemagne; DJ Djibouti; DK Danemark; DM Dominique; DO République dominicaine; DZ Algérie; EC
Équateur; EE Estonie; EG Égypte; EH Sahara occidental; ER Érythrée; ES Espagne; ET Éthiopie; FI Finlande; FJ Fidji; FK
Îles Malouines; FM Micronésie; FO Îles Féroé; FR France; GA Gabon; GB Royaume-Uni; GD Grenade; GE Géorgie; GG
Guernesey; GH Ghana; GI Gibraltar; GL Groenland; GM Gambie; GN Guinée; GQ Guinée équatoriale; GR Grèce; GS Géorgie du
Sud-et-les Îles Sandwich du Sud; GT Guatemala; GU Guam; GW Guinée-Bissau; GY Guyana; HK R.A.S. chinoise de Hong Kong;
HM Îles Heard-et-MacDonald; HN Honduras; HR Croatie; HT Haïti; HU Hongrie; ID Indonésie; IE Irlande; IL Israël; IM Île
de Man; IN Inde; IO Territoire britannique de l’océan Indien; IQ Irak; IR Iran; IS Islande; IT Italie; JE Jersey; JM
Jamaïque; JO Jordanie; JP Japon; KE Kenya; KG Kirghizstan; KH Cambodge; KI Kiribati; KM Comores; KN
Saint-Christophe-et-Niévès; KP Corée du Nord; KR Corée du Sud; KW Koweït; KY Îles Caïmans; KZ Kazakhstan; LA Laos; LB
Liban; LC Sainte-Lucie; LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT Lituanie; LU Luxembourg; LV
Lettonie; LY Libye; MA Maroc; MC Monaco; MD Moldavie; ME Monténégro; MF Saint-Martin; MG Madagascar; MH Îles Marshall;
MK Macédoine du Nord; ML Mali; MM Myanmar (Birmanie); MN Mongolie; MO R.A.S. chinoise de Macao; MP Îles Mariannes du
Nord; MR Mauritanie; MS Montserrat; MT Malte; MU Maurice; MV Maldives; MW Malawi; MX Mexique; MY Malaisie; MZ
Mozambique; NA Namibie; NC Nouvelle-Calédonie; NE Niger; NF Île Norfolk; NG Nigeria; NI Nicaragua; NL Pays-Bas; NO
Norvège; NP Népal; NR Nauru; NU Niue; NZ Nouvelle-Zélande; OM Oman; PA Panama; PE Pérou; PF Polynésie française; PG
Papouasie-Nouvelle-Guinée; PH Philippines; PK Pakistan; PL Pologne; PM Saint-Pierre-et-Miquelon; PN Îles Pitcairn; PR
Porto Rico; PS Territoires palestiniens; PT Portugal; PW Palaos; PY Paraguay; QA Qatar; RO Roumanie; RS Serbie; RU
Russie; RW Rwanda; SA Arabie saoudite; SB Îles Salomon; SC Seychelles; SD Soudan; SE Suède; SG Singapour; SH
Sainte-Hélène; SI Slovénie; SJ Svalbard et Jan Mayen; SK Slovaquie; SL Sierra Leone; SM Saint-Marin; SN Sénégal; SO
Somalie; SR Suriname; SS Soudan du Sud; ST Sao Tomé-et-Principe; SV Salvador; SX Saint-Martin (partie néerlandaise);
SY Syrie; SZ Eswatini; TC Îles Turques-et-Caïques; TD Tchad; TF Terres australes françaises; TG Togo; TH Thaïlande; TJ
Tadjikistan; TK Tokelau; TL Timor oriental; TM Turkménistan; TN Tunisie; TO Tonga; TR Turquie; TT Trinité-et-Tobago;
TV Tuvalu; TW Taïwan; TZ Tanzanie; UA Ukraine; UG Ouganda; UM Îles mineures éloignées des États-Unis; US États-Unis;
UY Uruguay; UZ Ouzbékistan; VA État de la Cité du Vatican; VC Saint-Vincent-et-les Grenadines; VE Venezuela; VG Îles
Vierges britanniques; VI Îles Vierges des États-Unis; VN Viêt Nam; VU Vanuatu; WF Wallis-et-Futuna; WS Samoa; XK
Kosovo; YE Yémen; ZA Afrique du Sud; ZM Zambie; ZW Zimbabwe
"""

#: Regions of the countries where French networks act most; for the others the code's form is judged, not its existence.
_SUBDIVISIONS = """
ML-1 Kayes; ML-10 Taoudénit; ML-2 Koulikoro; ML-3 Sikasso; ML-4 Ségou; ML-5 Mopti; ML-6 Tombouctou; ML-7 Gao; ML-8
Kidal; ML-9 Ménaka; ML-BKO Bamako; SN-DB Diourbel; SN-DK Dakar; SN-FK Fatick; SN-KA Kaffrine; SN-KD Kolda; SN-KE
Kédougou; SN-KL Kaolack; SN-LG Louga; SN-MT Matam; SN-SE Sédhiou; SN-SL Saint-Louis; SN-TC Tambacounda; SN-TH Thiès;
SN-ZG Ziguinchor; MA-01 Tanger-Tétouan-Al Hoceïma; MA-02 L’Oriental; MA-03 Fès-Meknès; MA-04 Rabat-Salé-Kénitra; MA-05
Béni Mellal-Khénifra; MA-06 Casablanca-Settat; MA-07 Marrakech-Safi; MA-08 Drâa-Tafilalet; MA-09 Souss-Massa; MA-10
Guelmim-Oued Noun; MA-11 Laâyoune-Sakia El Hamra; MA-12 Dakhla-Oued Ed-Dahab; MA-AGD Agadir-Ida-Ou-Tanane; MA-AOU
Aousserd; MA-ASZ Assa-Zag; MA-AZI Azilal; MA-BEM Béni Mellal; MA-BER Berkane; MA-BES Benslimane; MA-BOD Boujdour;
MA-BOM Boulemane; MA-BRR Berrechid; MA-CAS Casablanca; MA-CHE Chefchaouen; MA-CHI Chichaoua; MA-CHT Chtouka-Ait Baha;
MA-DRI Driouch; MA-ERR Errachidia; MA-ESI Essaouira; MA-ESM Es-Semara; MA-FAH Fahs-Anjra; MA-FES Fès; MA-FIG Figuig;
MA-FQH Fquih Ben Salah; MA-GUE Guelmim; MA-GUF Guercif; MA-HAJ El Hajeb; MA-HAO Al Haouz; MA-HOC Al Hoceïma; MA-IFR
Ifrane; MA-INE Inezgane-Ait Melloul; MA-JDI El Jadida; MA-JRA Jerada; MA-KEN Kénitra; MA-KES El Kelâa des Sraghna;
MA-KHE Khémisset; MA-KHN Khénifra; MA-KHO Khouribga; MA-LAA Laâyoune; MA-LAR Larache; MA-MAR Marrakech; MA-MDF
M’diq-Fnideq; MA-MED Médiouna; MA-MEK Meknès; MA-MID Midelt; MA-MOH Mohammadia; MA-MOU Moulay Yacoub; MA-NAD Nador;
MA-NOU Nouaceur; MA-OUA Ouarzazate; MA-OUD Oued Ed-Dahab; MA-OUJ Oujda-Angad; MA-OUZ Ouezzane; MA-RAB Rabat; MA-REH
Rehamna; MA-SAF Safi; MA-SAL Salé; MA-SEF Sefrou; MA-SET Settat; MA-SIB Sidi Bennour; MA-SIF Sidi Ifni; MA-SIK Sidi
Kacem; MA-SIL Sidi Slimane; MA-SKH Skhirate-Témara; MA-TAF Tarfaya; MA-TAI Taourirt; MA-TAO Taounate; MA-TAR
Taroudannt; MA-TAT Tata; MA-TAZ Taza; MA-TET Tétouan; MA-TIN Tinghir; MA-TIZ Tiznit; MA-TNG Tanger-Assilah; MA-TNT
Tan-Tan; MA-YUS Youssoufia; MA-ZAG Zagora; TN-11 Tunis; TN-12 L’Ariana; TN-13 Ben Arous; TN-14 La Manouba; TN-21
Nabeul; TN-22 Zaghouan; TN-23 Bizerte; TN-31 Béja; TN-32 Jendouba; TN-33 Le Kef; TN-34 Siliana; TN-41 Kairouan; TN-42
Kasserine; TN-43 Sidi Bouzid; TN-51 Sousse; TN-52 Monastir; TN-53 Mahdia; TN-61 Sfax; TN-71 Gafsa; TN-72 Tozeur; TN-73
Kébili; TN-81 Gabès; TN-82 Médenine; TN-83 Tataouine
"""

_SUBDIVISION = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}\Z")


class CountryError(Unreadable):
    """Reasons: empty, unknown_country (code), shape, not_accepted (code)."""


def _read(table: str) -> dict[str, str]:
    pairs = (item.strip().partition(" ") for item in table.replace("\n", " ").split(";"))
    return {code: name for code, _, name in pairs}


#: Code and French name of every country that a form offers.
COUNTRIES = _read(_COUNTRIES)
#: Codes that the open data formats take: those of ISO 3166-1 itself.
PUBLISHABLE = frozenset(COUNTRIES) - {"XK"}
#: Overseas departments, which the libraries count among the countries.
DEPARTMENTS_OVERSEAS = frozenset({"GP", "MQ", "GF", "RE", "YT"})
SUBDIVISIONS = _read(_SUBDIVISIONS)


def normalise_country(
    text: str, *, accepted: frozenset[str] | None = None, excluded: frozenset[str] = frozenset()
) -> str:
    """The two letters of a country, upper case. `accepted` and `excluded` are the lists of a call. Raises CountryError."""
    code = _code(text)
    if code not in COUNTRIES:
        raise CountryError("unknown_country", code=code)
    if code in excluded or (accepted is not None and code not in accepted):
        raise CountryError("not_accepted", code=code)
    return code


def normalise_subdivision(text: str) -> str:
    """A region abroad by ISO 3166-2, `ml-1` gives `ML-1`: a known country and the right form, never its existence.

    Some regions have no code (Itasy in Madagascar): they are named in words instead. Raises CountryError.
    """
    code = _code(text)
    shape = _SUBDIVISION.match(code)
    if shape is None:
        raise CountryError("shape")
    if shape[1] not in COUNTRIES:
        raise CountryError("unknown_country", code=shape[1])
    return code


def _code(text: str) -> str:
    code = text.strip().upper() if len(text) <= _LONGEST_CODE else "?"
    if not code:
        raise CountryError("empty")
    return code
