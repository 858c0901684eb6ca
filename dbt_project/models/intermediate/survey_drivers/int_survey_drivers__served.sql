{#- Who served: how earlier answers about the same team, and about the same person, differ from the average until then. Few
    answers are drawn towards no difference by `satisfaction_prior_answers`. -#}
{%- set score = 'cast(' ~ var('satisfaction_outcome') ~ ' as double)' %}
{%- set before = 'order by responded_at, response_id rows between unbounded preceding and 1 preceding' %}
with answers as (
    select * from {{ ref('fct_survey_responses') }}
    where employee_id is not null and {{ var('satisfaction_outcome') }} is not null
),

averaged as (
    select
        *,
        {{ score }} as score,
        avg({{ score }}) over ({{ before }}) as average
    from answers
),

compared as (
    select
        *,
        count(*) over (partition by team {{ before }}) as team_answers,
        sum(score - average) over (partition by team {{ before }}) as team_difference,
        count(*) over (partition by employee_id {{ before }}) as person_answers,
        sum(score - average) over (partition by employee_id {{ before }}) as person_difference
    from averaged
),

shrunk as (
    select
        *,
        coalesce(team_difference, 0) / (team_answers + {{ var('satisfaction_prior_answers') }}) as team_score,
        coalesce(person_difference, 0) / (person_answers + {{ var('satisfaction_prior_answers') }}) as person_score
    from compared
),

final as (
    select
        response_id,
        case when team is not null then {{ steady('team_score') }} end as team_earlier_score,
        {{ steady('person_score - case when team is not null then team_score else 0 end') }} as person_earlier_score
    from shrunk
)

select * from final
