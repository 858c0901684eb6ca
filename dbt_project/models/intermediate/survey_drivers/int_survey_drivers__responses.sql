with final as (
    select * from {{ ref('int_survey_responses') }}
    where
        responded_at >= {{ timestamp_add_days(as_of_timestamp(), '-' ~ var('satisfaction_window_days')) }}
        and coalesce(csat, nps, ces) is not null
)

select * from final
