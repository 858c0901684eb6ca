{#- Rates the employee and team of an encounter from earlier responses only, as the difference from the average until
    then (hierarchical credibility, Jewell 1975, Giornale dell'Istituto Italiano degli Attuari 38:1). Employees with few
    responses are shrunk towards their team by `satisfaction_prior_answers`, teams with few employees towards 0 by
    `satisfaction_prior_persons`: a single well-rated employee then hardly raises the rating of the team. -#}
{%- set score = 'cast(' ~ var('satisfaction_outcome') ~ ' as double)' %}
{%- set before = 'order by responded_at, response_id rows between unbounded preceding and 1 preceding' %}
{%- set order = 'order by responded_at, is_answer, response_id, subject_id' %}
{%- set known = order ~ ' rows between unbounded preceding and current row' %}
{%- set prior = var('satisfaction_prior_answers') %}
with answers as (
    select * from {{ ref('fct_survey_responses') }}
    where employee_id is not null and {{ var('satisfaction_outcome') }} is not null
),

encounters as (
    select * from {{ ref('int_survey_drivers__encounters') }}
),

differences as (
    select
        *,
        coalesce({{ score }} - avg({{ score }}) over ({{ before }}), 0) as difference
    from answers
),

responses_and_encounters as (
    select
        response_id,
        responded_at,
        'answer' as kind,
        response_id as subject_id,
        employee_id,
        team,
        cast(null as double) as weight,
        difference,
        1 as is_answer
    from differences
    union all
    select
        response_id,
        responded_at,
        kind,
        subject_id,
        employee_id,
        team,
        weight,
        cast(null as double) as difference,
        0 as is_answer
    from encounters
),

employee_sums as (
    select
        *,
        count(difference) over (partition by employee_id {{ known }}) as person_answers,
        coalesce(sum(difference) over (partition by employee_id {{ known }}), 0) as person_difference
    from responses_and_encounters
),

employee_credibility as (
    select
        *,
        person_answers / (person_answers + {{ prior }}) as person_trust,
        person_difference / (person_answers + {{ prior }}) as person_part
    from employee_sums
),

credibility_changes as (
    select
        *,
        person_trust - coalesce(lag(person_trust) over (partition by employee_id {{ order }}), 0) as trust_change,
        person_part - coalesce(lag(person_part) over (partition by employee_id {{ order }}), 0) as part_change
    from employee_credibility
),

team_sums as (
    select
        *,
        case when team is not null then greatest(sum(trust_change) over (partition by team {{ known }}), 0) else 0 end
            as team_trust,
        case when team is not null then sum(part_change) over (partition by team {{ known }}) else 0 end as team_part
    from credibility_changes
),

rated_encounters as (
    select
        *,
        team_part / (team_trust + {{ var('satisfaction_prior_persons') }}) as team_score
    from team_sums
    where is_answer = 0
),

final as (
    select
        response_id,
        kind,
        subject_id,
        weight,
        case when team is not null then {{ steady('team_score') }} end as team_score,
        {{ steady('person_part - person_trust * team_score') }} as person_score
    from rated_encounters
)

select * from final
