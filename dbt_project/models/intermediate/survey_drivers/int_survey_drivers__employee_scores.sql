with ratings as (
    select * from {{ ref('int_survey_drivers__encounter_ratings') }}
),

weighted as (
    select
        *,
        weight * coalesce(team_score, 0) as weighted_team_score,
        weight * person_score as weighted_person_score
    from ratings
),

final as (
    select
        response_id,
        max(case when kind = 'answered_about' then team_score end) as team_earlier_score,
        {{ exact_sum("case when kind = 'ticket' then weighted_team_score else 0 end") }} as team_tickets_recent,
        {{ exact_sum("case when kind = 'contact' then weighted_team_score else 0 end") }} as team_contacts_recent,
        max(case when kind = 'answered_about' then person_score end) as person_earlier_score,
        {{ exact_sum("case when kind = 'ticket' then weighted_person_score else 0 end") }} as person_tickets_recent,
        {{ exact_sum("case when kind = 'contact' then weighted_person_score else 0 end") }} as person_contacts_recent
    from weighted
    group by response_id
)

select * from final
