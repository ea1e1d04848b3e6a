"""Given names that children bear in Germany: two of them are two names, however near. Most frequent first. Pure.

Those that at least ten children born in Berlin from 2012 to 2023 bear as their first, as `domain.names` folds them.
Source: "Liste der häufigen Vornamen", Berlin, Landesamt für Bürger- und Ordnungsangelegenheiten, prepared by
BerlinOnline (daten.berlin.de, CC BY 3.0 DE); changed: added up, folded, counts left out.
"""

LISTED = """
marie sophie charlotte emilia paul alexander emma noah mia maria elias emil maximilian leon anton anna felix sophia
oskar luca jonas johanna mila ben jakob ella lina louis liam david theodor lea adam luise lukas jonathan finn karl
hannah clara leo emily ali lena theo elisabeth amelie moritz lara leonie max mira leonard benjamin milan henry levi ida
helena hanna julian mathilda laura marlene luisa elisa luis tim paula vincent daniel arthur samul julius zo friedrich
mika valentin maya leni sofia frieda johann greta alma erik julia niklas linus helene nora adrian olivia lilly lia nele
mina bruno jan maja isabella philipp frida elena matilda matteo luna gabriel pauline ava antonia henri michal melina
carl joshua klara aaron eva victoria sarah alina fabian ole tom lisa maxim elif josephine milo raphal rosa sara amir
malik muhammed jol johannes lotta konstantin amalia pia simon fritz frederik mara oliver martha emilio lucas richard
carlotta katharina merle lucia florian mats hamza valentina tilda yusuf mateo pepe bela emir leopold justus paulina
jonah ela jasmin ibrahim viktoria edgar stella louisa romy nils juna nina lennard elise mohammad oscar sebastian fynn
amelia toni christian alexandra martin luka gustav ilyas jasper omar rosalie hugo nol john ada amira mattis jona lio
constantin till yasin ferdinand levin elina leonardo leander fiona ahmad carla lotte tobias alva rafal leyla kilian
august franz thomas jannis peter melissa magdalena zeynep finja otto can carlo damian robin nicolas milena mohammed
lasse ronja liya anastasia caspar thea malia wilhelm marlon georg malte lou lucy omer aurelia juri livia lian louise
robert theresa mariam hannes karla mohamed fatima amina lennox meryem charlie liv miran matti albert muhammad flora nico
josefine cleo matheo kian luke benedikt mohamad mustafa nisa fiete linda amy emilian medina miriam william lilli alice
timo elsa karim jacob andreas mehmet sam ludwig jana selma anouk enno yuna azra eric isabel dean malina aurora anh
emilie mark antonio ayla jayden marla mio piet neo henriette james konrad elyas jamie milla minh mert aras diana ahmed
kevin malou elin hans deniz nikita viktor isabelle hussein rayan anni nathan johan nur philip hassan ruby bao edda kaan
joris rose vanessa luan dominik lana zoy kira nick willi janosch rio isabell alicia bennet henrik lola yunus elli yasmin
jason sofie lennart ryan bilal fabienne jannik marcel marta michelle alex tristan youssef annika hailey yara benno filip
jonte florentine noa josef julie melek nino celine freya magnus mariella friederike victor berat musa tony karlotta
artur elian linnea elia maryam nomi nikolas wilma lion pascal nika samira asya efe jolie leah lionel alessio arian
fritzi mona enes alfred lino matthias nour ayaz manul phil abdullah aleyna isa annabelle lilith janne yigit arne
frederick jannes stefan kasimir jamal lars mirac mahir ruben emanul ian alisa helen aylin kathe marvin valerie angelina
kurt marc zehra daria kai mathilde eymen ruth anthony lily amar larissa malak christopher lias sami bo emelie mikail
ilay celina ahmet eleni ellen miray jolina joseph mads alessia luana lucie margarete maurice juno liana thore lene
cataleya mahmoud jack julien diego tara annabell emin liliana amin esma taha valeria hira laila tyler carlos hedi jaron
talia aliya finley layla nicole titus felicitas tuana leonora jette leandro jakub lenny selina elio bastian gia timur
aaliyah hendrik aliyah nikolai phillip hana ismail issa malea milana roman malek emmi lilia malin rebecca younes alea
hasan naomi silas andre frank marleen selin ana bella emre eren khaled melisa baran hadi joleen eda jonna alan ensar
kerem minna christoph evelyn tessa grace aron adele helin jaro mayla wolfgang franziska ivan elijah nala chiara dennis
duc umut colin elea heinrich juli amilia layan sena armin ariana tabea alexis arda christina marco melia adem defne
kuzey leonidas aiden clemens junis su tamara hoang lynn mario adriana azad cecilia patrick philippa eliana emely esther
marina philine noam willem yassin ari marten rene esila ngoc dorothea leonhard smilla vito alissa arvid gregor dilara
erwin felina lore jeremy jerome leano lilian pablo penelope lovis an heidi kim lorenz salih zahra caroline denis
eleonora felicia jenny monika selim fatma leila valentino wanda ecrin eliah hilda niclas alya ivy melody collin erika
jordan michel tala svea kaspar mathis sascha amanda henning jessica joy kiara anne ilayda iman johnny liyana vera werner
ellie kolja lisbeth maila eddie elaine nal sila vivien amara madita rita said antoni otis bjarne kalle mailo edward nuri
taylor ilja liah lieselotte nila yannick enna kiyan leona fridolin klaus leonas carolina chlo lev miro connor yahya
dalia hermine karlo laurin leandra markus osman yousef zumra estelle gerda karolina marius neele pina samir aisha arya
elliot ilias lydia nike eduard ha huseyin kaya lewin aria darius kenan mal sina wilhelmine amaya annelie jennifer teresa
dominic feline mai migul zahraa zara angela fabio mahdi salome dario gabriela teo amal kimberly mattheo natalie cinar
eleonore jari andrea christine darian edith hazal joline masal nela yaren claire elissa kaja linn nelly ragnar romeo wim
arina aya hedda irma walter cosmo tamino aleksander ayse cem eylul joachim joscha lorena yagmur annie leana linh nadia
nayla samantha emine gloria lorin luzie mathea merlin narin nola adelina barbara elizabeth giulia jane alena dylan jad
jasmina quinn zeinab bennett hanno kadir miko til eli emmy filippa george kerim leen natalia veronika asel fenja holly
justin minou nguyen ophelia tamina cosima idris leia margarethe marlo tarik conrad elly jurgen mascha mike sonja tommy
zayn asmin casimir eliza etienne halil jamila keno leonore lilou marlena nikola rudi abdul alessandro angelo dana
eleanor evin ewa summer tammo benedict burak danilo devin jara jean taavi taim yal casper charles coco harry maksim
marian santiago tino aslan dante iris iva karina milou abbas anais anita aziz ceylin daniela ege finnley madeleine
martina nilay yade alwin liva sven aurel emmanul leticia melis zainab bjorn lean runa talha viola alia immanul louie
maia melinda nova rahel berfin dua emirhan havin jamil jon letizia marek chris liara naya nelio nia poyraz bianca edwin
jaden jule kjell laurenz lavin marcus marko mathias ylva alba ina marianne maxime nathaniel shirin skadi yannik
annemarie esra gabriele khalil le leif liyah malika marlen nicklas salma yannis adnan alara aleksandra ayden carolin
emile jascha joschua liyan loki quntin safiya thiago thilo alicja alparslan anas hope jesper karam layal manfred rocco
amon bernd brian eden fred lorenzo maik sinan willy yakup charlotta hatice jim judith naima niko batuhan charly damien
harun hermann jo juliana pierre sandra thien tina amani anisa arno dora eslem ethan fernando janna jesse joana nevio
nikolaus pavel erich furkan gerhard jonne lilo mattes miron no tayler anika augustin cornelius enrico enzo june lejla
leya matei melanie nam nathanal palina pola stephan timon uwe yusra egon flynn lee lila lucien neyla aleksandar beyza
claudia evelina hai hedwig ines karin medine mikal nepomuk polina sabine thies tiago zora abigail cara ezra ivo jibril
kaia kuno lamis rasmus ricardo rufus steven taylan ansgar aurelio celia kate kayra lili lutz marija merve nathalie rabia
ria berkay elanur franka frederic inga irene kristina lewis liselotte matthis naz prince sean soraya sultan annalena
ashley ediz eliz huy liz mieke nadine nehir patricia rudolf tran amine ceyda dila erva heinz ingrid lenja manula mavi
zofia alvar amadeus arin fatih hayat isaac karoline lenn polly rana selena thalia dorian hafsa ikra jolien joyce malena
meta murat rainer ruya ursula xenia ylvi alisha damon dion ernst florentina helga jake lamar lenia moussa thorin yuri
angelika aram danny dunya elis enya eray hilal lucian melike my teodor thanh thao wolf aurelie avi ece hilde joanna nami
phileas raya beatrice devran eddy ertugrul jannick khanh klaas tasnim theodora wanja xaver yasmina acelya bernhard
camille enie francesco jella kamil leevi linea logan malu mick momo ulrich walid angel arik aurelius balthasar edin ema
felipe hagen kemal alvin ann emilija francis jannah josephin julika lazar luzia mary maxima mete meyra nil petra regina
viet andrei cihan dieter gunter hektor josefin olaf ruzgar samu sura vitus christin conner dawid hiranur may milian
yunis zuzanna aimee andy anja aris damir freyja guney jorg kiana levent mirza vivian vy adriano agnes alin carmen eileen
hanne haylie henrike jawad marley metehan muhamed nhi phuong rieke violetta axel betty dina erna hella imran jenna lale
luc maddox maxi miles nana niels nolan rebekka sasha theresia tiana yakub yazan ares camilla fanny fine hala leonid lien
loris maris salim tiberius alper bogdan bryan dwayne emina evelin jay josua khadija lillian nhat nuria rami roland
samson stefanie ammar anneliese antoine auguste cassandra dejan diyar elmar felia hanin jano marisa mitja musab naila
quang rosemarie scarlett silvia sunny susanne theodore alperen baris brigitte catalina duy eline eloise han hector helge
helmut jade jeanne jelena kylian minel nicolai raffal ralf santino saphira seyit sirac tuan antonius beren bosse elay
frederike giovanni gisela herbert joan junior nilo odin ray sahra siegfried sirin yanis younis amos annabella gabriella
laya lothar maira mari marika mayar miley nura rachel rubi sabrina tamo vu zain ajla amalie aren aryan atakan ayoub
damla eve frido frieder golda jules lavinia lenya matilde nelson aidan alyssa annabel camilo delia florentin laith
liesbeth luciano marieke mehdi mihrimah mimi olga tahir vivienne yavuz yuma zaid almira atlas ayan carina cedric dima
elvin ilai levian lilja loreen milow mino remi sofija vico vida alen anastasija bahar belinay celin christa cora dilan
elodie elvis jose joud juliane long lunis marianna michala nikodem noura rania sare therese yaman ylvie andrej armando
bente charlott christiane elenor elinor janis juan kacper larin latitia marielle marwa matthew meliha norbert noyan rico
romi sidra simay teodora abdurrahman amber derin elizan ennio evan eyup faye fin irem jovan len lumi ma natan onno
romina samet sham teoman zeyneb abdulrahman aljoscha andrew arman astrid boris dirk ebba eliyas felice horst igor janina
junes kimi kristin levy manessa matea maximus metin miral muhammet nahla nicholas nima phobe ramon riley sky talya
valerio yusef alfons artjom ayda domenik elida franciszek ilian ivar keanu kubra marit mason nada sally steffen tayo
toprak wilhelmina alejandro alexandros anil asiya batu bent caleb huda jackson jens jimmy jorin kassem lya malaika
marion mehmed merdan milas muslum nefes neva olivier philina renate saliha sol stefania susanna tarek tillmann xavier
yunes abel alp anis ariel eddi francesca janek kalea kalina lani leonor lyan melih mercedes minu navid pino sama viggo
yasemin abby alois emiliano enisa erdem hanan ioannis jolanda katrin kayla koray leroy margareta mayra mica nea sandro
sayed suleyman sumaya yaron zakaria almina asil charleen chayenne cheyenne clea cornelia ede farah fatme haily ivana
jonny julina kenny kerstin lounis lui luiz maliya naim ozan peer thees una arnold cody doris eliano finlay hanni haydar
katja kirill leonel leoni lidia lorik lua madina nancy nicola onur owen pawel philomena quynh rima sienna uma zelda
zeliha zeyd alexandru amely ayman christel dahlia demir denise faris finnja ion ismal josefina marlin melvin milos mylo
phuc ravza stephanie sylvia timothy veit zelal abdallah adil alexa arianna bonnie claas clementine devrim diar enni fee
florence floris gina hubert ilan ira johanne leilani lior masa mikkel nadja nazli nelli nisanur noar safia saskia tamme
tilo wiktor aileen aino ajan anuk ariane batul celeste cesur delal derya don dunja estera florin halima hazel henryk
hildegard ilija karol khalid kristian megan nolle paolo piotr tia tilman yussef yves adel alana alexia andreea anissa
antonie asli bayan betul ekaterina eleyna filipa firat inaya janik jasmine juliette kasper levke liora meva nikolaos
philippe semih simeon solomon suna tian vladimir wiktoria yvonne zacharias antonin davis djamila dustin elvira fares
feyza harald havva ilya imani lam lauri lin maha mailin moses nuno pham renee ronny rune theda timm tu vince adina alim
amaru amila anselm augusta ayana ayat cansu clarissa daris detlef elija elliott enissa finya fleur jacqus janine jarik
jolene laszlo lori lotti marlies mattia milina nefeli nero nevin nouri sarina seraphina seyyid svenja talin tomasz tyron
ulrike yasir zola adin aicha arlo bodo catharina dang dave elaina ellena elva elyesa georgios gul haley harvey isaiah
jolin judy luciana luk madison mariana mavie mian nilas nio nolia oda oona patrice ramazan severin steve stine sydney
van yasser asaf caio chi dan darina edis else falk freda gaia gino hauke jacquline jurek lenni line margarita pippa
reinhard remy rosalia sinem sonia stanley thu udo valerian vigo violeta ziva alaa arved aurelian ayleen birgit busra
deborah denisa elke elma enea federico friedemann gero gunes hayley irmgard jiyan kamila karan kiano kinan klea
konstantinos lillie lilya lora magdalene mali omran oyku sidney sude talea taro vinzent aischa alica audrey batoul
debora demian ebubekir eleen hayal ilia ilse inge irina junus katarina luz maksymilian mariya nomie oliwia salomon
sander shawn taym thor thorben thuy tomke tugra al alessandra antony anuar asma atilla ayah bekir billie carsten dilay
dimitrios ebrar elfriede ellis emilya erin eveline finjas frances gal humeyra isra jelle jeremias jill joaquin khang
laia larisa lujain mahmut margo margot micah mischa noor orhan paloma quoc rebeca rital simone suri thai tien umar wyatt
yari yasmine zilan adela aida alexandre aseel camila cemre ceylan dania destiny ephraim evi fadi filiz giuliano giuseppe
halid halime hawa hiba ilvy imad inci isla janos jermaine kay luuk massa millie nell rhea roy sharon sherin singh
solveig stanislaw szymon taio torsten travis yolanda zaynab ziad adrijana agatha ahsen akram aline ani assil bedirhan
bene berk berra duru eliot ernesto esmanur fiene francisco gunnar hung inara isabela iven karsten lucio marita matej
maxine nikolaj ottilie pedro pit rahaf ranim rojin rolf roya scott shayan tali tiara turan vincenzo zuleyha abraham adar
albrecht alec aleks allegra alpaslan antonina athena aysima dragan ecem finian gesa gian izabela josie jusuf kubilay lew
lilien loui majd maram michail mirko neela nesrin oday orlando phan ramona raul rike selen serhat skylar tamia tomas yva
agata akira amari aneas anik ata avery caitlyn cecile cennet coralie cristian eneas erol faruk fina fionn gertrud
henrietta islam jenin katelyn kyra leart liron lise loreley lupita marin matin melodie mikolaj mirna miya ove phonix
remo rohat roni ronya safa saif saleh sana sema serena tanem vadim alissia anes arel aviv brandon caner carola ciwan
cristiano davud dian divine emi emili evangeline ezgi fadel fernanda fjonn grete haidar ilaria ilona israa issam jal
jola jolle kathleen kathrin keke lelia lijana lioba lysander maher margaretha marisol milea miroslav nabil nahul nassim
pelin rukaya thi wolke yumi ajdin akif alexej ariella arif ayliz aysha bunyamin catherine corvin dalal danielle dimitri
diyan eduardo esmeralda giuliana gunther hardy henni hussain isaak janusz jasin jeppe josha kelly laurens lilas lillith
louan lucius mahmud mala malaak mareike matthes michele morten neil noomi phong princess rian roberta robyn rumi sahar
syed tadeo tanja thalea xuan yasha akin alberto aleksej altay anaya angeliqu antonella asena ayham ayhan benny beritan
calvin castiel cemal chantal chelsea daniil darya dea denny dilek egemen ena esilya freja gerd glenn goran habib halina
heike ingo jannat jannek jarle juni kamal kassandra khoi kristijan ledion leto liane lorelei lyam maarten maike maliah
marlie merjem mija milosz mousa nasser nejla nella nidal niilo noan paco pius priya ravi riva rona ronald rosi rubina
salvatore sefora shane sima tadeusz taya tiam tiffany tracy tymon valentine vanja zion abd adrijan almila alpay anabell
anakin attila blessing bob ceren constanze damjan danial davina derek dexter dicle dinh edmund elara elmira elora elya
emy ernest fabrice gordon hakan hani holger huma ignacy ishak jamiro jann jarne joni joona josh kara killian kiran lanea
laurent lieke lois magda malio mamadou marietta massimo melda meliya meret merida mijo milad milica nalani neven pau
paulin paulo raik riccardo samia soley sora tamim tizian tjark vanesa vasilije vicco yagiz yann yuki zakariya zoran zuri
abed aila alessa alican amadea amna anabelle anatol andrey anneli arun aysu baldur bero bruna cassian davi elon emmett
eryk filomena gianluca giulio hartmut henk hizir jaspar joschka josefa kareem katerina lamia lela leno liese lijan
lilyan liza luiza madleen madlen maggie malo mattea matvey matylda mave mihail miranda mirjam mo moise qais ramadan
reyhan reyyan rion roberto salah serra simona solea soy stina sumeja talina tatjana tilia timofey tove vittoria wiebke
yaro zerya almir alvaro anthea araz ardian arielle arvin asja ayaan aybuke balthazar bettina camillo chanel cosimo dalya
darija domenic dominiqu edoardo ekrem elisei emad emircan enis erina eugen eyad ferris filippo georgia heiko ingeborg
irena isalie iyad izabella jennie jeremiah jordi josephina joury justine jutta karlsson lan lando latifa laureen lennert
louna lucienne marcello maren marty marwin maximillian maylin nadim nermin petar rahim raisa rayana ron ronaldo sanja
serafina shams shanaya tamer tarja verena ward wilfried yamac yosef zoi aki amalya annette arwen asta auri avin bassam
berkan berzan bianka daphne duong elen elion felipa finnian fredrik gamze gregory haya hedy iosif janko jaromir jayson
jovana jula karlie kevser li lidya liljana loran lu luigi lukasz mandy manon matias melin mette mirella nihan norman
paola raja rayyan ruslan saya sofian soren suki thora tyra ute veli yamen yasna yona yousuf abdel alon amadou amer anel
ante aran asia barbel berlin bobby brianna bulut casey charlize ciara cooper eliam emira eylem fabius fabrizio fedor
german gideon gretchen hennes iliana jace jesko jibrail joao josepha kaleo katinka kleo lennon lenz leonis leony levon
lilliana lilu lima loni malle manal mariama mateusz meo mirabella miroslava moana mounir mussa nelia nida niki pelle
peri philian phineas rahman razan rea reiner rejan rida rubin samed sevgi shahin susan thaddeus thadeus timea tomma
valea vasile virginia viviana winnie yella zeyn zita abdulkadir adea albin alisia amaia aman amra anelia artemis ayca
aysenur beate bendix berenike charlene cherry cristina cuno daisy danijel elfi eman emeli esin feride hania hannelore
haris ibrahima jasna javier jinan jora jori jurij kaur kelvin khan kosmo ksenia kyle leeroy leevke lenka lenox levio
leyna lieven liliane lilyana limar lisann lucija lucille marcelina masha meike melchior meral mihajlo moniqu mya nayeli
nik norah norik oliwier patryk precious rani riad rina saad samy sanaa sanad sergej seyed sibel suvi tassilo terence
thaddaus tilla toma trang valeska vlad wal wissam amadeo anny arion asija augustine awa aziza benito bernadette bora
cemil destan dietmar elisha eliya ellinor evren fadil favour finnlay gabrielle gustaf hamid hanifa hanife helia hevi
iliya ilva ioanna iwan janno jared jeffrey jerzy jihad jil jonatan julio jun kali kathy kenzo kinga klaudia klemens knut
korbinian kuba kyara kylie lamin latif levia liev loic lorian lovisa lucca ly lyn malie manisa mare marike marino mateja
mava maxwell mayleen mikko morris nihal nikan nikolay nikolina nilan paris per pieter rafala rika roxana sabina salman
samar sarafina sefa serkan sidar sofi spencer sufyan tulin ugur valerija veronica vinh volker vornamen wladimir yonah
adeline akim alain alaya alexey alija alix amali anabel anina anke ariyan arjen arnim aurela avelina aydin beniamin
benita beran bernard blanca blanka carlota caterina cebrail cengiz cenk christos cosma dagmar dajana daliah darin darren
davin devi doga edna eldin eleonor eliane elmo emel emmelie erick farin felias felizitas fia finia firas flavia flinn
franziskus georgi giacomo gioia gwendolyn habiba harley harriet hazar henny ilkay ilma isak jakov janice jax johny
jorden july junia katarzyna keano krystian lauren lika lilianna liona lisanne lysann maite mansur marah margaux maxie mi
michalina mihra muhamad nadin natalija nuriel ona ozgur paule pheline phillipp platon rezan riem rim roger rojan rojda
rosie roswitha roza safira samara savannah senad sevim sia siri skyla soleil sumeyye suzan tayfun tea thekla thilda
vladislav wendelin yago zeno alfie alihan allan amandus amaro ameli aminata andra anela ariadne ariya arwa asenat aura
aviel aybars aynur aysel ayub basil bele birk blake borys canan cato cezar claus daniele dara darja doreen edvard
elisabeta elizaveta elsbeth enver era esraa evita faisal farida fatimah fay gabrijel galina ghazal giorgio giovanna
gorkem hamsa haroun ilaf irmak jago jalal janus joah jorik jorn juliet kamilla kendrick lenard lennja livio louane lyra
maciej maliyah mei merit mir muaz nara nellie nihat nizar okan omid pete philo quan quirin ramiz raphala reem rumo
rupert sajed san sevda sigrid silvana silvester silvio stacy sumeyra susann tami thorsten tijana tito tommaso torben
trung tyson vega vin violet vuk wassim wenzel wotan zahide zana zein zina adelia adile ajlin alani alenia alison allison
amel anabella ananda anastazja andres aniela anwar apollonia arijan arjun arturo asen aulona aysegul azer bartosz
beatrix billy bruce buglem bugra cao celal curt danil darko davide dietrich dijar dimitar djibril editha ekin el elektra
elham eliel elmedina elsie espen eysan faith ferhat fuad hadil hajar hajo hakim hamed hevin hilla ilhan iosua jayda
jethro jibriel joko jordis josse juline kais kartal kornelia kyan larina lauris leela lemmy loredana lorelai mabel
magali mahan maivi maleo mazen mie milano mostafa muriel nadir nando ola orla patrizia peyton piya rabea rajana raqul
rayen raymond reda reza river rojhat rokaya rudiger sabri samanta sandy seher silin steffi syeda tilmann ville vita
viyan wateen willow wojciech yasar yoshua zena agit ajna alaz aldo alida amr andjelina anjali anneke aramis arden artem
artin arto arwin asmaa azat azem bakr baraa bodhi boran cacilia conor cynthia daliya danyal darwin dayan diane dijana
diya dorothee doruk eftelya elaf elayne eliott elouan elvan engin enriqu eremia erica ernestine eser eslina estefania
farid floyd gaspard ghassan giada giselle gizem gokhan haider harrison hava hunter ilyan isral ivano jagoda janka jayce
jesaja jin joaquim joon josiah juana jumana karolin katalina kendra kenza kiki lahja lamiya leontina levan liwia lloyd
lounes luzi maikel manissa marijan marissa marnie marwan matthea maverick meliah melik mikhail mine miryam misha murad
myra nader niam niccolo ofelia oleg olympia osama pari pars perla rakan ralph ramin recep reinhold rena salem sali
salvador sanna sava siham sinja sudenaz sylvester taner tatiana timmy tjara tolga torin umeyr uta watin xavi yaseen zaki
zoya abdulaziz achim alaric aleksandr aleksandrovna alesia alima amela aniko anu april arslan asher ayo ayten ayumi
belle beverly binta brayan cagatay cajus carlie chau cyrus damijan darleen davit devid dominika ebru elaya elda eldar
elie elifnur elijas elisaveta eliyah enola eugenia fahed faina fatoumata felizia ferenc fidel firdevs florina freddie
georgina gerald giulietta hamit harper hauraa herta hosna ihsan ilvi inti ionut irini ismet jada janick joakim jochen
jost julianna kami ken krzysztof lawrence layana lenie leora leyan lillien lona lyana lyon mafalda maily marcos marei
marilena marya maximilia melinay mercy meriam mirabel mouna myla myriam nalia nas naser neal nestor nikol norwin oktay
ozlem paige panagiotis pearl peppa phi qusay rahma renata resul reto roan rouven rumeysa safiye sahin sarya sedef
serafin seraphine sergio seyid skye stian tadeus ted tibor timotei torvi trim tuba tyrese vaiana viktorija weronika
wilko yoko zahid abdulhamid abena abir adrien alban aleya aliyar alpha altan annegret armina arsen artiom asal athina
beau benyamin caja cayden cecilie cindy claudio curtis dafina dalila damaris danyel dayana deen deni djamal do dogan
donya eberhard edanur edvin efnan efraim efsun eike einar elana elfie elice elifsu elmas elyana emanula emmanulla
emrullah ennie ester fahad felicity fidan fietje filine finnegan finnick fjella gerrit giorgi gleb gudrun guido gulsum
hacer heide hellena hollie hristo hulya ianis ileyna io ioana irfan isaia jasha jeremia josa josia josias jouri juliano
julietta kader kajetan kalotta karen katalea kenneth kieran kito koa lamija lareen leena lida lielle lucinda lulu lumen
lyna majed manou manu margaret marly mathieu matija matis melania meriem mesut milay milda milly milon mirabelle miracle
miria molly monica myles naira namika natascha nenad nikos niya norina nouh nuka omur ori pan philia pio pontus rashid
rayk remus ricarda riza sabah salima samer seda senta serin sevde sevval shadi sharleen siena sirius sonya suzana
suzanne swantje talitha tamika tamilo tavi teona tillman timucin tugce vittorio waldemar wilson yana yaqub yekta yilmaz
yola yousif zarah zazou zeina zerda zidan abdelrahman abubakar achilles adelisa adis adonis albion alejandra
aleksandrovic aliki aliza amit anastasios angelie annik are artus arzu ashraf avesta banu belana bence benett benicio
berkin bilge burkhard caitlin carlina chioma christiano collien conan corinna dalina dastan davut delilah deven
dmitrievic dogukan duha duygu eckhard eflin egor elba eleanore elene elenora elien eliora eloisa eloy elyes elza
emilijan emiliya emmanula ender enrik ersan esat eskil estella evelyne evie falko fanni fatema fatmanur feenja feodora
fidelia filippos fjodor flavio florens fox gaspar gemma georges gianni gilbert hailie hayden haylee heba hera heval
hisham hivda hubertus ilijas ilvie iona isadora ivanov ivie jale jamain jarno jayla jelka jenke jerry jocelyn jodie jood
joost jouline jusef kaitlyn kaito kajsa kenji keyan kimia krystyna lais lennie lilla linas livi magalie mahsa maj majvi
makar maliqu margherita margit maribel martino matthaus maximiliane medea medin mervan mey milaine minka minoo mirela
muna nabila nel nemo nic nica nicol nicoleta nieke novalie oguz oguzhan olive orestis otilia oumar parker patrik pepper
phibie philemon praise rajan raman raven rawan rick rimas rosemary ryszard ryu safija saja salina salomea savas semra
sercan seymen shania sidelya sissi sonny stanislav stellan stephen svetlana talvi tam thabo timothee tobi tomislav tomte
tosca tymoteusz tyrone umay uyen valencia vasilisa waltraud wesley winfried wisdom yehya yeliz yen yoan yonas zeid abu
ace achilleas agathe ainhoa aksel aleen alexandr allen alwine amaury amelija anders anderson andrijana andrzej angelos
anila anisha arijana asad asan aslihan atahan augustus aveline aviva aydan basma bayram beatriz bento berivan berta
bissan bojan bushra cagan caius calogero carlson catarina charline clark claudius cyril daniella delian delphine dewran
diala dino dusan edina effi elan eleah elfida elino elisabet elisabetta elwin emrah ercan erhard erion ertan ervin esme
estrella ethem fabien fadia federica feli felian felicja fitz fouad francisca friedo gala ghazi giang gustave gustavo
hadia hanifi hannibal hatem hellen helvi hertha ho iasonas ilsa indigo ingmar insa ioan isidor jaime jalil jemima jorge
josi josif josy jud juma jussi kalia kataleya katherina katy kayden kenai kimberley kimon kivanc klarissa konstantina
leeven lele liano liel lille lirian loresa lorina lorna love lucky ludovica lux lykka lyo maida malene malva manel
manolo margrit margurite matts mavis maximo mayson mihai mihriban mikel milia minea mizgin muhsin nalu natali nataniel
nava nazar nedim neel nevra nilda nira noe nori nuray odette ozge payton pekka petros pietro piper poppy raffale raoul
rayhana rebeka reina riham rihanna rohan roko romano rosanna rosario rosmarie roxy rozerin rui ruven sayfullah sayra
sedat sedra selahattin semanur serafim serdar shahd shanti solin souad soufian sukru sundus sunna taleen tamay taras
tarje the thelma thierry tibet tilly tonia tudor tufan tuna uras vesna veysel vi victory vinzenz wieland winston yamina
yamur yaw yol york youna yu yuno zaara zafer adelya aden adna adrianna afra aglaia aid aiko aime akay aldin alejna alek
alesio alev alisya alita almas alysha amaliya ambra anahi andi andras andreia anesa annelies ario armand arsenij avram
avsin aykan aylis aymen aysun babette baptiste bea beat belal benji bensu berdan beyzanur bill brigitta cahit caprice
cathaleya cemile ceyla chester chiamaka chidera constantine dani daoud daryl desiree dia diamond diara din diren dragana
dunia elenore elicia emilius emmanulle emran enid enio erkan fenna fenno fibi findus franca freddy frederika geraldine
gereon gonul gwendolin hanim hanka haru hashem hawin hawraa hidaya iga ilana ilyana ilyes ima inessa jacopo janelle
janet janika jannika jaroslav jihan joa jody jounes jul kadiatou kardelen karima karlson karola kasim katie kiaan
kingsley kiril kofi kosta kwame laurence leland lennet leone leonit leontine levente levinia lidija lija livius lizzy
lucjan ludmila madeline maimouna marcu mareen margret mariel mariem marti marven maryem mayan maylo melika mendel
mertcan mislina mohsen momme monty mouhamed naia naida naina najla naveen nefise nergiz nevia nhu nias nikoleta noha
onni orell oswald parsa paulus pavlovna penny purity pusat raban rahime rahul randy rasim rasul reeva rei reka remzi
renas renato rudolph rudy ruken rumen sadik sajra sakura salahuddin salam saliou salwa sammy semina sergeevna sergey
servan shaima sharif siar siara son sonea suad subhan sula sulaiman sumaja taisia taleja tamar tao thy timofej timotheus
tjelle toby tuuli uriel varvara vedad vihaan vilma vitali vo volkan wally welat yan yelda yonatan yordan yoshi yusa
zeynel ziya ziyad aarav abdulkarim abdurahman adama aday adelheid adham adi aina aissatou aksa albertine albina aleah
aleandro aliah aliana aliye aljona amalija amandine amed amias amjad aneta angeline annett annina anouar anuuk apollo
arlind arminius art asenova asim asiyah asmir asra asu ates avid ayesha azim azize bade baker baki balduin balian barne
bartholomaus bengt beril bernardo bintou bisan borislav bradley briana brooklyn camie carly cassius christ christiana
cihangir civan cyrine dahab daniyal danuta dariusz daryan derman desmond didem dilber dillon dimitra dimitrov dries
edita eik elayna elcin eleysa eliyan ellin elouise elrik elvana emanule enja erasmus erdi eugene ewelina fabiola falco
feliks femi fero filina florine franceska francois franklin friedolin gerlinde gesine gianna gilda ginevra giorgia gokce
grzegorz gustaw hajra hakeem halim hany heaven heja herrmann hieronymus hiro hoda hong hossam hussam iason ilham ilinca
iljas ilyaz inka ipek ishaan islim isolde ivanova iyas izet jadon jamilo jamy janusch jaydon jermain joanne judi kadriye
kaira kaisa kajus kala karel karli kaylee kazimierz khadijah kingston ksawery ksenija kyrill lavie lawin leentje
leonhardt leslie lewi leylani lilit liska lissy livan ljiljana loana loay lovelyn lucja ludovico lulia lumina macy mahya
majid maksym malka manar mani marcia marijana mariko marli mauro maysa mayumi meena meera melodi menessa micha milio
miljan minha mirabell mirai mirhat mirjana miu morice myron naem nate nawal nazim nhyira nicoletta nihad novalee nya
octavia odai olamide oriana orion ottokar oumou patrycja pavle pebbles pepa percy phelina pinar polat ra rehan reni
ritaj roj ronahi roukaya sadie saida samuil sasa savva sawyer scarlet sem seray serhad setayesh seth shahed shirley
silja silke sorin steen stepan stuart success suleiman sumi sybille tabitha talal talisa taliya tamira tammy tan tess
theon thessa thibault thyra tjorven todor tra tri trong tung tylor uday ulysses undine uraz viviane wafaa wasim
willibald winona yacine yacoub yildiz yma yoldas yomna yousra yuval zane zarina zekeriya
"""
BY_FREQUENCY = tuple(LISTED.split())
GIVEN_NAMES = frozenset(BY_FREQUENCY)
